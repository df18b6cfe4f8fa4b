"""The line is told, rung by rung: who has it, the head, the supervisor, the leader; each once for each warning.

One letter names all warnings of a unit that a person is told of in one run, so that a bad day is one letter and not fifty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel import api as kernel
from tongban.oversight.supervision import marking
from tongban.oversight.supervision.contracts import Colour, Rung
from tongban.oversight.supervision.days import end_of
from tongban.oversight.supervision.models import Mark
from tongban.oversight.supervision.pack import rules
from tongban.registers.messages import api as messages
from tongban.registers.messages.contracts import Outgoing, Value

BATCH = 1_000
NAMED = 5
TEMPLATES = {
    (Colour.YELLOW, False): "supervision.yellow",
    (Colour.RED, False): "supervision.red",
    (Colour.RED, True): "supervision.risen",
    (Colour.YELLOW, True): "supervision.yellow",
}
ROLES = {
    Rung.HANDLER: Role.HANDLER,
    Rung.HEAD: Role.HEAD,
    Rung.SUPERVISOR: Role.SUPERVISOR,
    Rung.LEADER: Role.LEADER,
}


def tell_due(*, at: datetime) -> int:
    """Tell every rung whose instant has come; gives how many warnings were told."""
    told = 0
    while keys := _waiting(at):
        with kernel.writing():
            marks = _still_waiting(keys, at)
            messages.send_many(
                [
                    letter
                    for (unit, colour, stage), own in _grouped(marks).items()
                    for letter in _letters(unit, Colour(colour), stage, own, at)
                ]
            )
            for mark in marks:
                marking.climb(mark)
            Mark.objects.bulk_update(marks, ["stage", "next_at"])
        told += len(marks)
    return told


def _waiting(at: datetime) -> list[int]:
    found = Mark.objects.filter(next_at__lte=at).order_by("next_at", "id")
    return list(found.values_list("pk", flat=True)[:BATCH])


def _still_waiting(keys: list[int], at: datetime) -> list[Mark]:
    """Those that wait now that nobody else can write them: a unit may have explained meanwhile."""
    found = Mark.objects.filter(pk__in=keys, next_at__lte=at).select_related("docket").order_by("pk")
    return list(found.select_for_update(of=("self",)))


def _grouped(marks: list[Mark]) -> dict[tuple[str, str, int], list[Mark]]:
    found: dict[tuple[str, str, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        found[(mark.unit, mark.colour, mark.stage)].append(mark)
    return found


def _letters(unit: str, colour: Colour, stage: int, marks: list[Mark], at: datetime) -> Iterator[Outgoing]:
    """What a rung is told of a unit's warnings; nothing where the line has become shorter than they had climbed."""
    line = rules().line[colour]
    if stage >= len(line):
        return
    rung = line[stage].to
    template = TEMPLATES[(colour, rung in (Rung.SUPERVISOR, Rung.LEADER))]
    name = actors.unit_name(unit_id=unit)
    for officer, own in _by_officer(rung, unit, marks, at).items():
        numbers = "、".join(one.docket.number for one in own[:NAMED]) + (" …" if len(own) > NAMED else "")
        context: dict[str, Value] = {
            "unit": {"zh": name, "en": actors.english_unit_name(name)}, "count": len(own), "numbers": numbers,
            "due": end_of(min(one.explain_by or one.due_at for one in own)),
        }  # fmt: skip
        yield Outgoing(
            officer, template, context, own[0].docket.number if len(own) == 1 else "", at,
            f"supervision:{own[0].pk}:{colour}:{stage}:{own[0].seen_at:%Y%m%d%H%M}",
        )  # fmt: skip


def _by_officer(rung: Rung, unit: str, marks: list[Mark], at: datetime) -> dict[str, list[Mark]]:
    """Who stands on a rung, with the warnings that each is told of; a unit's people are asked for once."""
    live = actors.live_unit(unit)
    known: dict[str, list[str]] = {}
    found: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        region = live.region if live is not None else mark.region
        if rung is Rung.HANDLER and mark.docket.officer.startswith("officer:"):
            those = [mark.docket.officer]
        else:
            if region not in known:
                known[region] = _those(rung, unit, region, at)
            those = known[region]
        for officer in those:
            found[officer].append(mark)
    return found


def _those(rung: Rung, unit: str, region: str, at: datetime) -> list[str]:
    """Who stands on a rung above a unit, or in it; of a division where that is asked."""
    if rung in (Rung.HANDLER, Rung.HEAD):
        return actors.officers_with(role=ROLES[rung], unit_id=unit, at=at)
    return [officer for officer, _unit in actors.overseers(role=ROLES[rung], region=region, at=at)]
