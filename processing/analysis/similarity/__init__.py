"""Which initiatives resemble each other, and why."""
