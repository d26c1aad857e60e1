"""The tables of a workspace, declared once and without QGIS."""
