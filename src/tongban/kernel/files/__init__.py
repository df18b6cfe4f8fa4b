"""Files that people hand in: checked, kept once by content, served safely."""
