"""A whole city's year of work, planned from published figures and run through the real flows."""
