"""The link of this installation: a plugin named in `settings.REMOTE_LINK`.

A city with a video service writes a class with `open` and names it there. Without one a demonstration answers in the demo
city; elsewhere nothing is connected, and the window is told the ordinary ways.
"""

from __future__ import annotations

import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from datetime import datetime
from functools import cache

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from tongban.desks.remote.contracts import Link, LinkDownError, LinkPlugin

logger = logging.getLogger(__name__)
_HERE = "tongban.desks.remote.links"
SECONDS = 5
_pool = ThreadPoolExecutor(2, thread_name_prefix="remote")


class DemoLink:
    """Makes up a room of its own for each session. The address leads nowhere: the shared page is real, the video not.

    While the file ``TONGBAN_DATA/remote/down`` is there it is away: for trying that out.
    """

    def open(self, *, near: str, far: str, at: datetime) -> Link:
        del near, far, at
        if (settings.DATA / "remote" / "down").exists():
            raise LinkDownError("switched off")
        room = f"https://video.example.gov.cn/{secrets.token_urlsafe(12)}"
        return Link(f"{room}?side=near", f"{room}?side=far")


class FailingDemo:
    """A video service that is always away."""

    def open(self, *, near: str, far: str, at: datetime) -> Link:
        raise LinkDownError(f"the failing demo links {near} and {far} at no time, {at.isoformat()} included")


class NotConnected(FailingDemo):
    """No service is connected yet."""


@cache
def plugin() -> LinkPlugin:
    """The plugin of this installation."""
    without = f"{_HERE}.{'DemoLink' if settings.DEMO else 'NotConnected'}"
    made: LinkPlugin = import_string(getattr(settings, "REMOTE_LINK", "") or without)()
    return made


def link(*, near: str, far: str, at: datetime) -> Link:
    """A room for two, asked for no longer than some seconds.

    :raises LinkDownError: the service is away, too slow, or fails
    """
    future = _pool.submit(plugin().open, near=near, far=far, at=at)
    try:
        return future.result(timeout=SECONDS)
    except TooLateError as error:
        future.cancel()
        raise LinkDownError("slow") from error
    except LinkDownError:
        raise
    except Exception as error:  # whatever a plugin raises, the window goes on in the ordinary way
        logger.warning("the remote link failed: %s", type(error).__name__)
        raise LinkDownError("failed") from error


def _forget(**kwargs: object) -> None:
    if kwargs.get("setting") in {"REMOTE_LINK", "DEMO"}:
        plugin.cache_clear()


setting_changed.connect(_forget, dispatch_uid=_HERE)
