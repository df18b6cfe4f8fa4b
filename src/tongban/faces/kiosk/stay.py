"""One person's stay at a kiosk: some minutes, counted by the server, and nothing left afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tongban.web.preferences import COOKIES
from tongban.web.session import ENDS_AT

DEVICE = "tb_kiosk"
"""Cookie that says: this browser is a kiosk, in the region that is its value. Nothing about any person."""
STAY = "tb_stay"
STAY_FOR, MOST = timedelta(minutes=5), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Stay:
    """`until` when it ends, `most` the latest to which it may be prolonged."""

    until: datetime
    most: datetime

    @property
    def longer(self) -> bool:
        """Whether it may still be prolonged."""
        return self.until < self.most


def device(request: HttpRequest) -> str:
    """Region of the kiosk that asks; empty for every other browser."""
    found = request.COOKIES.get(DEVICE, "")
    return found if found.isdecimal() and len(found) == 12 else ""


def stay_of(request: HttpRequest) -> Stay | None:
    """The stay that runs, or None: nobody has begun anything."""
    kept = request.session.get(STAY)
    return Stay(*(datetime.fromtimestamp(one, UTC) for one in kept)) if kept else None


def begin(request: HttpRequest, *, at: datetime) -> None:
    """Somebody begins: five minutes from now."""
    request.session[STAY] = [(at + STAY_FOR).timestamp(), (at + MOST).timestamp()]
    request.session.pop(ENDS_AT, None)  # the stay's own countdown stands for the shell's warning


def prolong(request: HttpRequest, *, at: datetime) -> None:
    """Five minutes from now, a quarter of an hour from the beginning at most."""
    stay = stay_of(request)
    if stay is not None:
        request.session[STAY] = [min(at + STAY_FOR, stay.most).timestamp(), stay.most.timestamp()]


def wipe(response: HttpResponse) -> HttpResponse:
    """Let the browser forget: session, choices of the reader, caches and whatever a script may have kept."""
    for name in (settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, *COOKIES.values()):
        response.delete_cookie(name)
    response["Clear-Site-Data"] = '"cache", "storage"'
    response["Cache-Control"] = "no-store"
    return response
