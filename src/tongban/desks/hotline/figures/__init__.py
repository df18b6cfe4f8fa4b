"""What leaders see of the hotline: figures, ranking, screen, map, monthly bulletin."""
