"""Officers who want to be told figures."""
