"""The line is told, rung by rung: who has it, the head, the supervisor, the leader; each once for each warning.

One letter names all warnings of a unit that a person is told of in one run, so that a bad day is one letter and not fifty.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel import api as kernel
from tongban.oversight.supervision import marking
from tongban.oversight.supervision.contracts import Colour, Rung
from tongban.oversight.supervision.models import Mark
from tongban.oversight.supervision.pack import rules
from tongban.registers.messages import api as messages

BATCH = 1_000
NAMED = 5
TEMPLATES = {
    (Colour.YELLOW, False): "supervision.yellow",
    (Colour.RED, False): "supervision.red",
    (Colour.RED, True): "supervision.risen",
    (Colour.YELLOW, True): "supervision.yellow",
}
ROLES = {Rung.HEAD: Role.HEAD, Rung.SUPERVISOR: Role.SUPERVISOR, Rung.LEADER: Role.LEADER}


def tell_due(*, at: datetime) -> int:
    """Tell every rung whose instant has come; gives how many warnings were told."""
    told = 0
    while marks := list(_waiting(at)):
        with kernel.writing():
            for (unit, colour, stage), own in _grouped(marks).items():
                _tell(unit, Colour(colour), stage, own, at)
            for mark in marks:
                marking.climb(mark)
                Mark.objects.filter(pk=mark.pk).update(stage=mark.stage, next_at=mark.next_at)
        told += len(marks)
    return told


def _waiting(at: datetime) -> list[Mark]:
    found = Mark.objects.filter(next_at__lte=at).select_related("docket").order_by("next_at", "id")[:BATCH]
    return list(found)


def _grouped(marks: list[Mark]) -> dict[tuple[str, str, int], list[Mark]]:
    found: dict[tuple[str, str, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        found[(mark.unit, mark.colour, mark.stage)].append(mark)
    return found


def _tell(unit: str, colour: Colour, stage: int, marks: list[Mark], at: datetime) -> None:
    rung = rules().line[colour][stage].to
    above = rung in (Rung.SUPERVISOR, Rung.LEADER)
    by_officer: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        for officer in _those(rung, mark, at):
            by_officer[officer].append(mark)
    for officer, own in by_officer.items():
        messages.send(
            to=officer, template=TEMPLATES[(colour, above)], at=at, key=f"supervision:{own[0].pk}:{colour}:{stage}",
            docket=own[0].docket.number if len(own) == 1 else "",
            context={
                "unit": {"zh": actors.unit_name(unit_id=unit), "en": actors.english_unit_name(actors.unit_name(unit_id=unit))}, "count": len(own),
                "numbers": "、".join(one.docket.number for one in own[:NAMED]) + (" …" if len(own) > NAMED else ""),
                "due": min(actors.day_of(one.explain_by or one.due_at) for one in own),
            },
        )  # fmt: skip


def _those(rung: Rung, mark: Mark, at: datetime) -> list[str]:
    """Who stands on a rung for one warning."""
    if rung is Rung.HANDLER:
        if mark.docket.officer.startswith("officer:"):
            return [mark.docket.officer]
        return actors.officers_with(role=Role.HANDLER, unit_id=mark.unit, at=at)
    if rung is Rung.HEAD:
        return actors.officers_with(role=Role.HEAD, unit_id=mark.unit, at=at)
    return [officer for officer, _unit in actors.overseers(role=ROLES[rung], region=region_of(mark), at=at)]


def region_of(mark: Mark) -> str:
    """The division of the unit that is late; of the docket where the unit is not known."""
    found = actors.live_unit(mark.unit)
    return found.region if found is not None else mark.region
