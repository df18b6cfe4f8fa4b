"""What the first request, the first paper and the first seal of a process would have to wait for, loaded beforehand."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import connection
from django.urls import get_resolver
from django.utils import timezone

from tongban.desks.hotline.sorting import api as sorting
from tongban.desks.themes import api as themes
from tongban.kernel import pdf
from tongban.oversight.insight import api as insight
from tongban.registers.catalogue import api as catalogue
from tongban.registers.seals import api as seals

logger = logging.getLogger(__name__)
ANYTHING: Final = "路灯不亮"


def warm() -> None:
    """Load it, what most people ask for first; some five seconds of CPU for a city of 14,000 matters.

    Who asks meanwhile waits for the rest of what they asked for and no longer.
    """
    parts: tuple[Callable[[], object], ...] = (
        lambda: get_resolver().url_patterns,
        lambda: themes.published(settings.ROOT_REGION),
        lambda: catalogue.search_matters(ANYTHING, settings.ROOT_REGION),
        lambda: catalogue.search_regulated(ANYTHING, settings.ROOT_REGION),
        lambda: sorting.suggest(ANYTHING),
        pdf.warm,
        seals.warm,
        lambda: insight.indicators(on=timezone.localdate()),
        insight.warm,
    )
    try:
        for part in parts:
            try:
                part()
            except Exception:  # whoever needs it will be told what is wrong
                logger.exception("not everything could be loaded beforehand")
    finally:
        connection.close()


def start_thread() -> threading.Thread:
    """Load it beside the web threads."""
    thread = threading.Thread(target=warm, name="tongban-warm", daemon=True)
    thread.start()
    return thread
