"""Insight: figures that leaders trust, each traceable to the dockets behind it."""
