"""Applications and department cases under statutory clocks."""
