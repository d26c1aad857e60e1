"""Code lists, one JSON file a list."""
