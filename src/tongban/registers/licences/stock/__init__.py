"""Bringing in an old stock of licences 存量归集."""
