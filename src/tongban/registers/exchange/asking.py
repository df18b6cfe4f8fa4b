"""Asking several registers side by side, each for no longer than it is worth waiting for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from datetime import datetime, timedelta
from time import monotonic

from django.core.signals import setting_changed

from tongban.registers.exchange.contracts import Asked, RegisterDownError, Told
from tongban.registers.exchange.pack import register as register_of
from tongban.registers.exchange.providers import provider

logger = logging.getLogger(__name__)
REST = timedelta(seconds=30)
"""A register that did not answer in time is left alone for so long, lest its threads pile up."""
_SIDE_BY_SIDE = 16
_resting: dict[str, datetime] = {}
_pool = ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="exchange")


def ask_all(wanted: Mapping[str, Asked], *, at: datetime) -> dict[str, Told | None]:
    """The registers' answers; None for one that is away, fails, or does not answer in its time.

    :param wanted: what to ask, by key of the register
    """
    begun = monotonic()
    running: dict[str, Future[Told]] = {}
    answers: dict[str, Told | None] = {}
    for key, asked in wanted.items():
        if _resting.get(key, at) > at:
            answers[key] = None
        else:
            running[key] = _pool.submit(provider(key).ask, key, asked, at=at)
    for key, future in running.items():
        answers[key] = _answer(key, future, begun, at)
    return answers


def _answer(key: str, future: Future[Told], begun: float, at: datetime) -> Told | None:
    left = max(0.0, register_of(key).seconds - (monotonic() - begun))
    try:
        return future.result(timeout=left)
    except TooLateError:
        future.cancel()
        _resting[key] = at + REST
        logger.warning("register %s did not answer in time", key)
    except RegisterDownError:
        logger.warning("register %s is away", key)
    except Exception as error:  # noqa: BLE001  whatever a provider raises, the applicant can go on
        # Its words may carry what was asked: they are not logged.
        logger.warning("register %s failed: %s", key, type(error).__name__)
    return None


def rested() -> None:
    """Ask every register again, whatever happened before."""
    _resting.clear()


def _forget(**kwargs: object) -> None:
    if kwargs.get("setting") == "EXCHANGE_PROVIDERS":
        rested()


setting_changed.connect(_forget, dispatch_uid=__name__)
