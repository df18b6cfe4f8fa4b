"""What every template may read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from tongban.web import navigation
from tongban.web.preferences import Reader, read, unspoken
from tongban.web.session import ENDS_AT
from tongban.web.shortcuts import for_script, keys_of
from tongban.web.site import THEME_COLOR, Site, site


class Person(Protocol):
    """What the shell asks of ``request.actor``: an id such as ``officer:12`` and a name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Shell:
    """The page's frame. `ends_at` is the end of the session, None for a visitor.

    `bare` pages (errors, offline) say nothing of who is signed in. `shortcuts` is the account's switch
    of the single-letter keys.
    """

    site: Site
    reader: Reader
    actor: Person | None
    path: str
    english: bool
    lang: str
    demo: bool
    ends_at: datetime | None = None
    bare: bool = False
    shortcuts: bool = True
    chosen_keys: Mapping[str, str] = field(default_factory=dict)
    theme_color: str = THEME_COLOR

    @property
    def officer(self) -> bool:
        return self.actor is not None and self.actor.id.startswith("officer:")

    @property
    def keys(self) -> dict[str, str]:
        """Single keys by what they do; see `web.shortcuts`."""
        return keys_of(self.chosen_keys)

    @property
    def keymap(self) -> str:
        """The same for the script, as JSON; empty when nothing was put elsewhere."""
        return for_script(self.chosen_keys) if self.chosen_keys else ""

    @property
    def name(self) -> str:
        return self.site.name_en if self.english else self.site.name

    @property
    def nav(self) -> dict[str, navigation.Bar]:
        """Entries by face."""
        faces: tuple[navigation.Face, ...] = ("portal", "workbench", "screen", "plain")
        return {face: self._bar(face) for face in faces}

    def _bar(self, face: navigation.Face) -> navigation.Bar:
        found = navigation.entries(face=face, actor=self.actor, officer=self.officer)
        return navigation.bar(
            found, path=self.path.partition("?")[0], most=navigation.MOST.get(face, len(found))
        )


def frame(request: HttpRequest, *, anonymous: bool = False) -> Shell:
    """The frame of one page.

    :param anonymous: leave session and actor untouched, for error pages while the database is away
    """
    english = (get_language() or "").startswith("en")
    actor = None if anonymous else getattr(request, "actor", None)
    ends_at, shortcuts = None, True
    chosen_keys: Mapping[str, str] = {}
    reader: Reader = getattr(request, "preferences", None) or read(request)
    signed_in = actor is not None and ":" in actor.id  # "officer:12"; a visitor's id has no number
    if signed_in and hasattr(request, "session"):
        ends_at = parse_datetime(request.session.get(ENDS_AT, "") or "")
    if signed_in and (account := getattr(request, "user", None)) is not None:
        shortcuts, chosen_keys = (
            bool(getattr(account, "shortcuts", True)),
            getattr(account, "keymap", None) or {},
        )
        if unspoken(request) and getattr(account, "elder_mode", False):
            reader = replace(reader, mode="elder")
    return Shell(
        site=site(),
        reader=reader,
        actor=actor if signed_in else None,
        # An error page repeats nothing of an address that somebody may have typed a number into.
        path="/" if anonymous else request.path if request.method == "POST" else request.get_full_path(),
        english=english,
        lang="en" if english else "zh-Hans",
        demo=bool(getattr(settings, "DEMO", False)),
        ends_at=ends_at,
        bare=anonymous,
        shortcuts=shortcuts,
        chosen_keys=chosen_keys,
    )


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell`` (:class:`Shell`), ``preferences`` and ``actor``."""
    made = frame(request)
    return {"shell": made, "preferences": made.reader, "actor": made.actor}
