"""Pages of schools: what parents scan, and the lists of the education bureau."""
