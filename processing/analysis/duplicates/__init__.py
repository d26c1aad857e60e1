"""Which records may be one actor."""
