"""What people may ask about their own data, and what the house may do with it and for how long."""
