"""Pages: my licences, showing them, and what officers scan."""
