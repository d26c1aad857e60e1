"""What each algorithm tells its user: method, warnings, report."""
