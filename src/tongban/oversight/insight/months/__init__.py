"""Months that are closed and published, and their corrections."""
