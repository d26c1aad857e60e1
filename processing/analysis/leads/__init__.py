"""Where a project could start."""
