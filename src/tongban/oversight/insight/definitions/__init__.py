"""Definitions of indicators: proposed, adopted by a second officer, kept in versions."""
