"""Pages of licences per trade: the list, and asking for one from parts already held."""
