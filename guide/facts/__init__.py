"""What may be printed, as plain values: read and disclosed before it comes here."""
