"""From one DATABASE_URL to Django's database settings."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# WAL lets readers read while the one writer writes; FULL loses no acknowledged commit, neither when the
# process dies nor when the machine loses power. No memory map:
# under a million dockets its page faults made a move a third dearer, and no page cheaper. The log is brought home every
# 16 MB instead of every 4: moves all over a large database touch other pages each, but the same roots and ends again and
# again, and those are then written once instead of four times.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000;"
)


PREPARED_FROM = 2
"""How often a statement of the hot path is sent before the server keeps it."""


def database_from_url(url: str) -> dict[str, Any]:
    """Settings of one database.

    :param url: ``sqlite:///PATH`` (``sqlite:////absolute``) or ``postgresql://user:pw@host:port/name``; with ``?prepare=0``
        nothing is kept at the server: for a pooler in front of it that lends a connection for one transaction
    :raises ValueError: any other scheme; the message names the two that are possible
    """
    parts = urlsplit(url)
    options = parse_qs(parts.query)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] or ":memory:",
            # A thread keeps its connection: opening one reads the whole schema and starts with no cache.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": SQLITE_PRAGMAS,
                "timeout": 30,
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path[1:],
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "OPTIONS": {
                "pool": {"min_size": 2, "max_size": 16, "timeout": 10},
                # Statements of the hot path (kernel.cursors) are kept at the server from their third time on.
                "prepare_threshold": None if options.get("prepare") == ["0"] else PREPARED_FROM,
            },
        }
    message = f"DATABASE_URL begins with {parts.scheme!r}; possible are sqlite and postgresql."
    raise ValueError(message)
