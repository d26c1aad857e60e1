"""The fictional catalogue of the demonstration, and how it is spread over a Département."""
