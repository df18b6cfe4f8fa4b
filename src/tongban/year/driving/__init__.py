"""Making the planned year happen at the desks' own doors."""
