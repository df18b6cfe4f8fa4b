"""Scheduled work of the cases desk (papers looked up again: see `looking_up`)."""
