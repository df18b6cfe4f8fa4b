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


_entries: dict[tuple[str, str], Entry] = {}


def add(entry: Entry) -> None:
    """Show `entry`; the same face and url again replaces it."""
    _entries[entry.face, entry.url] = entry


def entries(*, face: str, officer: bool, actor: Any = None) -> list[Entry]:
    """What one reader sees on one face, in order."""
    found = [e for e in _entries.values() if e.face == face and (officer or not e.officers)]
    found = [e for e in found if e.to is None or (officer and e.to(actor))]
    return sorted(found, key=lambda entry: (entry.order, entry.url))
