"""What happens when in a year: pure, from a profile, a seed and a scale."""
