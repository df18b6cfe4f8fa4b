"""The content security policy, and the browser's reports of what broke it."""

import json
import logging
from collections import deque
from typing import Any
from urllib.parse import urlsplit

logger = logging.getLogger("tongban.web.csp")

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # Bootstrap's ticks and dots are data: pictures in the sheet
    "connect-src": "'self'",
    "font-src": "'self'",
    "media-src": "'self'",  # recordings of calls, read-aloud examples: our own files only
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "report-uri": "/csp-report",
}
POLICY = "; ".join(f"{name} {value}" for name, value in SOURCES.items())
REPORT_MAX_BYTES = 16 * 1024

# The last reports of this process, for tests and the health page; never persisted.
RECENT: deque[dict[str, str]] = deque(maxlen=100)


def _only_path(url: str) -> str:
    """A page's path without its query: a query can hold what somebody searched for."""
    parts = urlsplit(url)
    return parts.path if parts.scheme in {"http", "https"} else parts.scheme or url[:40]


def take(body: bytes) -> dict[str, str]:
    """Count and log one report: page, directive and what was refused; nothing about the reader.

    :raises ValueError: not a report
    """
    document: Any = json.loads(body)
    inner = document.get("csp-report") if isinstance(document, dict) else None
    if not isinstance(inner, dict):
        raise ValueError("Not a content security policy report.")  # noqa: TRY004  # a body, not a type
    report = {
        "page": _only_path(str(inner.get("document-uri", ""))),
        "directive": str(inner.get("effective-directive") or inner.get("violated-directive", ""))[:80],
        "blocked": _only_path(str(inner.get("blocked-uri", ""))),
        "line": str(inner.get("line-number", ""))[:10],
    }
    RECENT.append(report)
    logger.warning("%(directive)s refused %(blocked)s on %(page)s line %(line)s", report)
    return report
