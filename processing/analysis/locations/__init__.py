"""Where to open next: choices of sites with a proof of how good they are."""
