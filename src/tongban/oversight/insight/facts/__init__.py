"""Facts: what the ledger says, in columns that any engine can count."""
