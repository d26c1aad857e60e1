"""The book as data: pages of operations, how text is set, in what order, and what would look wrong."""
