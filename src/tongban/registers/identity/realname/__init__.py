"""Real-name checks against the population and legal-person registers: plugins and the queue."""
