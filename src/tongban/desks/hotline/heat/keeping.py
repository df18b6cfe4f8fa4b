"""What groups know of persons, when the time of their tickets is over."""

from __future__ import annotations

from datetime import datetime

from tongban.desks.hotline.heat.contracts import AFFAIR, REPEAT
from tongban.desks.hotline.heat.models import Group, Mention, Repeat
from tongban.registers.identity.privacy import api as privacy


def destroy_affairs(dockets: list[int], _at: datetime) -> int:
    """The words of the group; its figures stay."""
    return Group.objects.filter(docket__in=dockets).update(summary="", place="")


def destroy_repeats(dockets: list[int], _at: datetime) -> int:
    """Who it was."""
    return Repeat.objects.filter(pk__in=dockets).update(person="")


def erase_person(party: str, _at: datetime) -> int:
    """Each message of somebody who is erased counts for nobody known."""
    return Mention.objects.filter(person=party).update(person="")


privacy.register_destroyer(AFFAIR, destroy_affairs)
privacy.register_destroyer(REPEAT, destroy_repeats)
privacy.register_eraser("heat", erase_person)
