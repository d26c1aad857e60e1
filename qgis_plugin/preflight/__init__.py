"""The list of what to look at before printing the guide, with a jump to each record."""
