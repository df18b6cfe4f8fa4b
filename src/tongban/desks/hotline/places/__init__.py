"""Codes at places: scanned, the form knows where."""
