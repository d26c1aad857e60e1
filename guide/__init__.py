"""The cartographic guide: the book as plain data, and the print layouts that draw it."""
