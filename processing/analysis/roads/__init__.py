"""Times along the roads of a layer."""
