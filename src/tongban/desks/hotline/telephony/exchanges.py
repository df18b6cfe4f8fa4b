"""The exchange of this installation: a plugin named in `settings.TELEPHONE_EXCHANGE`.

A city writes a class with the methods of `contracts.Exchange` and names it there. Without one the simulated exchange
answers where demonstration data is allowed; elsewhere there is none, and calls are written down by hand.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tongban.desks.hotline.telephony.contracts import (
    CallEvent,
    EventKind,
    Exchange,
    ExchangeDownError,
    ExchangeStatus,
    Recording,
)
from tongban.desks.hotline.telephony.lines import lines
from tongban.desks.hotline.telephony.simulation import day_of_calls, tones

_HERE = "tongban.desks.hotline.telephony.exchanges"
EVERY = timedelta(minutes=4)


class Simulated:
    """Calls out of a seed: the same ones every time. It rings whoever is ready; nobody is at the other end."""

    name = "simulated"
    assigns = False
    simulated = True
    seed = 12345

    def status(self, *, at: datetime) -> ExchangeStatus:
        del at
        return ExchangeStatus(up=True, name=self.name, simulated=True)

    def answer(self, *, call: str, station: str, at: datetime) -> None:
        del call, station, at

    def hang_up(self, *, call: str, at: datetime) -> None:
        del call, at

    def transfer(self, *, call: str, to: str, at: datetime) -> None:
        del call, to, at

    def recording(self, *, reference: str) -> Recording:
        """Two seconds of tones that the reference decides: nobody's voice."""
        return Recording(tones(reference), "audio/wav")

    def poll(self, *, since: datetime, until: datetime, ready: tuple[str, ...]) -> list[CallEvent]:
        """One caller every few minutes while somebody is ready."""
        length = EVERY.total_seconds()
        if not ready or since.timestamp() // length == until.timestamp() // length:
            return []
        return self.offer(at=until)

    def offer(self, *, at: datetime) -> list[CallEvent]:
        """One caller now: offered and asking for a person."""
        keys = [one.key for one in lines().values() if one.has_calls]
        found = day_of_calls(seed=self.seed, day=at.date(), calls=60, seats=4, lines=keys)
        pattern = found[int(at.timestamp()) % len(found)]
        call = f"live-{at:%y%m%d%H%M%S%f}"
        return [
            CallEvent(f"{call}-1", call, EventKind.OFFERED, at, line=pattern.line, caller=pattern.caller),
            CallEvent(f"{call}-2", call, EventKind.QUEUED, at),
        ]


class Down:
    """An exchange that is away: for trying what operators do then."""

    name = "down"
    assigns = False
    simulated = True

    def status(self, *, at: datetime) -> ExchangeStatus:
        del at
        words = _("交换机没有响应。来电转到备用话机，请用“登记来电”手工登记，工单照常办理。")
        return ExchangeStatus(up=False, name=self.name, words=words, simulated=True)

    def answer(self, *, call: str, station: str, at: datetime) -> None:
        del station, at
        raise ExchangeDownError(call)

    def hang_up(self, *, call: str, at: datetime) -> None:
        del at
        raise ExchangeDownError(call)

    def transfer(self, *, call: str, to: str, at: datetime) -> None:
        del to, at
        raise ExchangeDownError(call)

    def recording(self, *, reference: str) -> Recording:
        raise ExchangeDownError(reference)

    def poll(self, *, since: datetime, until: datetime, ready: tuple[str, ...]) -> list[CallEvent]:
        del since, until, ready
        raise ExchangeDownError(self.name)


class Nothing(Down):
    """No exchange is connected."""

    name = "none"
    simulated = False

    def status(self, *, at: datetime) -> ExchangeStatus:
        del at
        words = _("还没有接入交换机。来电请用“登记来电”手工登记，工单照常办理。")
        return ExchangeStatus(up=False, name=self.name, words=words)

    def poll(self, *, since: datetime, until: datetime, ready: tuple[str, ...]) -> list[CallEvent]:
        del since, until, ready
        return []


@cache
def exchange() -> Exchange:
    """The plugin of this installation."""
    named = settings.TELEPHONE_EXCHANGE
    if not named:
        return Simulated() if settings.DEMO else Nothing()
    short = {"simulated": "Simulated", "down": "Down"}
    made: Exchange = import_string(f"{_HERE}.{short[named]}" if named in short else named)()
    return made


def _forget(**kwargs: object) -> None:
    if kwargs.get("setting") in {"TELEPHONE_EXCHANGE", "DEMO"}:
        exchange.cache_clear()


setting_changed.connect(_forget)
