"""The API: routes, refusals, access, and its own description."""
