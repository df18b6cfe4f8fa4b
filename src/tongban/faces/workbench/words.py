"""Names of people, units, places and dockets as the workbench shows them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases.partners import api as partners
from tongban.kernel import api as kernel
from tongban.web import formats


class Names:
    """The names of everybody on one page, read at once; persons masked unless they are officers."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._found = actors.names({one for one in ids if one})

    def __call__(self, actor_id: str) -> str:
        if not actor_id:
            return ""
        if sender := partners.sender_name(actor_id):
            return sender
        name = self._found.get(actor_id) or actors.party_name(actor_id)
        return formats.mask_name(name) if actor_id.startswith("person:") else str(_(name))


def unit_name(unit_id: str) -> str:
    """What a unit is called in the reader's language."""
    if not unit_id:
        return ""
    try:
        found = actors.unit(unit_id)
    except actors.NotKnownError:
        return unit_id
    return found.name_en if formats.english() and found.name_en else found.name


def region_name(code: str) -> str:
    """What a division is called in the reader's language."""
    try:
        found = actors.region(code)
    except actors.NotKnownError:
        return code
    return found.name_en if formats.english() and found.name_en else found.name


def kind_label(kind: str) -> str:
    """办件, 申请, 联合勘验 …"""
    return str(kernel.flow_of(kind).label)


def state_label(row: kernel.DocketRow) -> str:
    """The state in the flow's words."""
    state = kernel.flow_of(row.kind).states.get(row.state)
    return str(state.label) if state else row.state


def list_label(title: str) -> str:
    """A docket's title; untitled ones say so."""
    return title or _("（无标题）")
