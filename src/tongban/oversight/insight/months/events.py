"""What months announce."""

from typing import Final

PUBLISHED: Final = "insight.published"
"""A month was published or corrected: ``{"month": "2026-10", "edition": 1}``."""
