"""Evaluation of what was done, and the mending of what was bad."""
