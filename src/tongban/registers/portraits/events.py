"""What portraits announce."""

from typing import Final

PORTRAIT_CHANGED: Final = "portrait.changed"
"""One party's facts or consents changed. Body: ``party`` and ``elements`` (keys); no value. Stream ``portrait:<party>``."""

PORTRAITS_IMPORTED: Final = "portraits.imported"
"""Very many portraits changed at once, without an event each. Body: ``party_kind``, ``facts`` (how many) and
``elements`` (keys). Whoever derives something asks :func:`api.census` anew.
"""
