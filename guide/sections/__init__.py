"""The sections of the guide, one thought a file; each is a function that composes its pages."""
