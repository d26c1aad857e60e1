"""The editor widgets of the plugin: several codes in one field, and photos."""
