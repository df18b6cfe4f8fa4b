"""12345 for citizens: its pages."""
