"""12345 for citizens: say something, follow it, letters to the mayor."""
