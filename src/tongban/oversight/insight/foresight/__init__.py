"""Foresight: months out of their usual band, and topics that are likely to rise next month."""
