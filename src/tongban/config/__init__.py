"""Settings, urls, server entry points, system checks."""
