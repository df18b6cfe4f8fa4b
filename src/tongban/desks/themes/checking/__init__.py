"""What can be wrong with a theme, beyond its shape; each finding with line and column."""
