"""The matter catalogue: what can be done, by whom, with which papers, in which time."""
