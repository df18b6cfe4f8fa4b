"""Self-service kiosks 自助办; see README.md."""
