"""How each result looks in QGIS, with the French names of its fields."""
