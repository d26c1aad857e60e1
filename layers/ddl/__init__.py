"""SQL made from the model, for GeoPackage (SQLite) and PostGIS."""
