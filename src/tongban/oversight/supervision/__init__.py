"""Supervision 电子监察: every limit is watched, late ones are explained or appealed against."""
