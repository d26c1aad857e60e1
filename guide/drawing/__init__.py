"""Draws a book with QGIS print layouts and the templates of a designer."""
