"""Entries of the masthead. The shell knows no context, so each context brings its own in ``ready()``.

from tongban.web.navigation import Entry, add
add(Entry(face="portal", label=_("我的办件"), url="/mine", order=30))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise

Face = Literal["portal", "workbench", "screen", "plain"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of a face's navigation.

    :param keys: a key sequence of ui.md §4 that goes there, such as ``g w``
    :param officers: shown only to a signed-in officer
    :param to: of the officers, those to whom it is shown: asked at every page, so without a query
    """

    face: Face
    label: str | Promise
    url: str
    order: int = 50
    keys: str = ""
    officers: bool = False
    to: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """The navigation of one page: what stands in the masthead, and what its menu 更多 holds."""

    shown: tuple[Entry, ...] = ()
    more: tuple[Entry, ...] = ()
    here: Entry | None = None


# So many stand in one line of 1366 px in English, two lines of a phone, and the eight entries of the elder norms.
MOST: dict[str, int] = {"workbench": 7, "portal": 6}
_entries: dict[tuple[str, str], Entry] = {}


def add(entry: Entry) -> None:
    """Show `entry`; the same face and url again replaces it."""
    _entries[entry.face, entry.url] = entry


def entries(*, face: str, officer: bool, actor: Any = None) -> list[Entry]:
    """What one reader sees on one face, in order."""
    found = [e for e in _entries.values() if e.face == face and (officer or not e.officers)]
    found = [e for e in found if e.to is None or (officer and e.to(actor))]
    return sorted(found, key=lambda entry: (entry.order, entry.url))


def at(found: list[Entry], *, path: str) -> Entry | None:
    """The entry that a page belongs to: its own, else the nearest one above it; one that all hang below is no page's."""

    def above(one: Entry) -> bool:
        first = one.url.count("/") == 1 and any(other.url.startswith(f"{one.url}/") for other in found)
        return path == one.url or (not first and path.startswith(f"{one.url}/"))

    return max(filter(above, found), key=lambda one: len(one.url), default=None)


def bar(found: list[Entry], *, path: str, most: int) -> Bar:
    """The first entries stand, the rest fold; the page one is on always stands, and no menu holds one entry alone."""
    here = at(found, path=path)
    if len(found) <= most + 1:
        return Bar(tuple(found), here=here)
    shown, more = found[:most], found[most:]
    if here in more:
        more = [shown.pop(), *(entry for entry in more if entry is not here)]
        shown.append(here)
    return Bar(tuple(shown), tuple(more), here)
