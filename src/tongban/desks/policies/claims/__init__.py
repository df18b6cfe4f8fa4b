"""Measures claimed, confirmed and paid: once."""
