"""The window that brings actors from a file into the open workspace: the file, its columns, a look, then the import."""
