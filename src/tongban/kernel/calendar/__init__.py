"""Working days, working hours, and the limits that are counted in them."""
