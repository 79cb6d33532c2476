"""The same conversation on standard input and output."""
