"""Who may complement whom, in networks that chance would not make."""
