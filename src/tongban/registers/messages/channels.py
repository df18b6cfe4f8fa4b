"""The channels of this installation: plugins named in `settings.MESSAGE_CHANNELS`.

A city that has a provider writes a class with `deliver` and names it there:
``MESSAGE_CHANNELS = {"sms": "city.sms.Gateway"}``. Without it SMS and e-mail go to a folder.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from tongban.kernel.privacy import mask_phone
from tongban.registers.messages.contracts import (
    Channel,
    ChannelDownError,
    Letter,
    Receipt,
    UndeliverableError,
)

_HERE = "tongban.registers.messages.channels"
DEFAULTS = {"inbox": f"{_HERE}.Inbox", "sms": f"{_HERE}.DemoPhone", "email": f"{_HERE}.DemoPost"}


class Inbox:
    """The message is there as soon as it is written."""

    def deliver(self, letter: Letter, *, at: datetime) -> Receipt:
        return Receipt(number=letter.reference, delivered_at=at)


class DemoPhone:
    """Writes what a phone would show to `TONGBAN_DATA/outbox/sms`, one file per letter."""

    folder = "sms"

    def deliver(self, letter: Letter, *, at: datetime) -> Receipt:
        if not letter.address:
            raise UndeliverableError("no address")
        path: Path = settings.DATA / "outbox" / self.folder / f"{letter.reference}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        shown = {"to": mask_phone(letter.address), "text": letter.text, "at": at.isoformat()}
        path.write_text(json.dumps(shown, ensure_ascii=False), encoding="utf-8")
        return Receipt(number=f"demo-{letter.reference}", delivered_at=at)


class DemoPost(DemoPhone):
    """The same for e-mail, in `TONGBAN_DATA/outbox/email`."""

    folder = "email"


class FailingDemo:
    """A provider that always refuses: for trying what happens then."""

    def deliver(self, letter: Letter, *, at: datetime) -> Receipt:
        raise ChannelDownError(f"the failing demo refused {letter.reference} at {at.isoformat()}")


@cache
def channel(name: str) -> Channel:
    """The plugin behind a channel's name.

    :raises KeyError: no such channel
    """
    chosen = {**DEFAULTS, **getattr(settings, "MESSAGE_CHANNELS", {})}
    made: Channel = import_string(chosen[name])()
    return made


def _forget(**kwargs: object) -> None:
    if kwargs.get("setting") == "MESSAGE_CHANNELS":
        channel.cache_clear()


setting_changed.connect(_forget, dispatch_uid=_HERE)
