"""Portraits: what is known of a company or a person, one file each."""
