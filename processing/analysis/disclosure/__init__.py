"""Tables of people in which nothing small can be read or worked out."""
