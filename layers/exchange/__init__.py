"""Actors in the formats that others read, one module a format; no QGIS, no store."""
