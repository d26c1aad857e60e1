"""Where values stand together more than chance explains."""
