"""Who could go where when places are scarce."""
