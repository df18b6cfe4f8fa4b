"""What the first request, the first paper and the first seal of a process would have to wait for, loaded beforehand."""

from __future__ import annotations

import logging
import threading

from django.urls import get_resolver

from tongban.desks.hotline.sorting import api as sorting
from tongban.kernel import pdf
from tongban.registers.seals import api as seals

logger = logging.getLogger(__name__)


def warm() -> None:
    """Load it; some three seconds of CPU. Who asks meanwhile waits for the rest of it and no longer."""
    try:
        _ = get_resolver().url_patterns
        pdf.warm()
        seals.warm()
        sorting.warm()
    except Exception:  # whoever needs it will be told what is wrong
        logger.exception("not everything could be loaded beforehand")


def start_thread() -> threading.Thread:
    """Load it beside the web threads."""
    thread = threading.Thread(target=warm, name="tongban-warm", daemon=True)
    thread.start()
    return thread
