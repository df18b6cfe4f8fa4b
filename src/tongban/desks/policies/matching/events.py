"""What matching announces."""

from typing import Final

MEASURE_MATCHED: Final = "measure.matched"
"""A complete run found other parties, other amounts or another version than the one before. Body: ``key``, ``version``,
``run`` (number), ``party_kind``. Stream ``matching:<party kind>``; no personal data.
"""
