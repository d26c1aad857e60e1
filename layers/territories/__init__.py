"""Territories: their outlines, those brought from outside, sectors made of communes."""
