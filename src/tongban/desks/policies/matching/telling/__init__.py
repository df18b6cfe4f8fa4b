"""Telling parties of measures: what is new for them, what is about to close, what they just miss."""
