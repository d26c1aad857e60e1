"""The HTML edition and the tables, from the same book as the PDF."""
