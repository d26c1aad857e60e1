"""The window of the guide: what it is to hold and how it is to look, printing, and its pages in the layout designer."""
