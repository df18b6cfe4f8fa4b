"""Which measure is for whom, and why."""
