"""The demo city's work: applications of the last weeks, made through the doors that the pages use."""
