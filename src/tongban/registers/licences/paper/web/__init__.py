"""Pages on which anybody verifies a licence."""
