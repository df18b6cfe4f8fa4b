"""A list is drawn up: who is entitled, in the published order, within quota and budget, each looked at once more.

The night's matching proposes; before somebody is listed the rule is decided again for that one record, and what it read
is kept with the due: what was known, of which day, from whom. Reading takes long and locks nothing; writing takes the
pool's lock, cuts to what is left by then, and puts docket, list and places down in one transaction.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongban.actors import api as actors
from tongban.desks.policies.claims import pools, rules, sources
from tongban.desks.policies.claims.contracts import BENEFIT, DueState, Fact, Finding
from tongban.desks.policies.claims.models import Due, Pool, Run
from tongban.desks.policies.claims.rules import Candidate
from tongban.desks.policies.claims.selectors import still_open
from tongban.desks.policies.contracts import Claimway, Gives, MeasureInfo
from tongban.kernel import api as kernel


@dataclass(frozen=True, slots=True)
class Proposed:
    """Who may be listed, in order, with what was found of each; `skipped` counts the others by reason.

    `excluding` are the measures that may not be enjoyed together with it, and the period of each that counts now.
    """

    measure: MeasureInfo
    period: str
    excluding: Mapping[str, str]
    entitled: int
    lines: tuple[tuple[Candidate, Finding], ...]
    skipped: dict[str, int] = field(default_factory=dict)


def draw_due(*, at: datetime) -> list[str]:
    """Draw up a list of every measure that needs no application and has somebody new to list; numbers of the runs."""
    day = actors.day_of(at)
    found = []
    for measure in sources.measures(on=day, way=Claimway.NONE.value):
        number = draw(measure.key, at=at)
        if number:
            found.append(number)
    return found


def draw(key: str, *, at: datetime, actor: kernel.Actor = kernel.SYSTEM) -> str:
    """Draw up the next list of a measure; its number, or "" when there is nobody to list.

    One list of a measure waits for its publicity at a time; repeated, or run by two workers at once, it lists nobody twice.
    """
    day = actors.day_of(at)
    measure = sources.measure(key, on=day)
    if measure is None or measure.way != Claimway.NONE or not _paid(measure) or not measure.open_on(day):
        return ""
    if open_draft(measure.key, rules.period_of(measure.period, day)):
        return ""
    proposed = propose(measure, at=at)
    return _written(proposed, actor=actor, at=at) if proposed.lines else ""


def _paid(measure: MeasureInfo) -> bool:
    """Whether money is sent to somebody: what is waived or done for a company is given by who waives or does it."""
    return measure.amount is not None and measure.gives not in (Gives.RELIEF, Gives.SERVICE)


def open_draft(measure: str, period: str) -> bool:
    """Whether a list of the measure waits for its publication."""
    drafts = Run.objects.filter(measure=measure, period=period, published_at=None, again=False)
    return bool(still_open(list(drafts.values_list("docket", flat=True))))


def propose(measure: MeasureInfo, *, at: datetime) -> Proposed:
    """Who of the entitled may be listed now."""
    day = actors.day_of(at)
    period = rules.period_of(measure.period, day)
    excluding = sources.excluding(measure, on=day)
    pairs = sources.entitled(measure, at=at)
    known = _known(measure.key, period)
    fresh = [(party, fen) for party, fen in pairs if party not in known]
    excluded = pools.enjoying({party for party, _fen in fresh}, excluding)
    skipped: Counter[str] = Counter({"listed": len(pairs) - len(fresh)})
    lines: list[tuple[Candidate, Finding]] = []
    for one in _ordered(measure, period, fresh, at=at):
        if len(lines) == rules.MOST_LISTED or (measure.quota is not None and len(lines) == measure.quota):
            break
        reason, finding = _looked_at(measure, one, excluded, at=at)
        if reason:
            skipped[reason] += 1
        else:
            assert finding.amount_fen is not None  # what `pays` says
            lines.append((Candidate(one.party, finding.amount_fen, one.weight), finding))
    return Proposed(measure, period, excluding, len(pairs), tuple(lines), +skipped)


def _known(measure: str, period: str) -> set[str]:
    """Who is not to be listed: has it, or gave it up or was taken out in this period."""
    rows = Due.objects.filter(measure=measure, period=period).exclude(state=DueState.LEFT, barred=False)
    return set(rows.values_list("party", flat=True))


def _ordered(
    measure: MeasureInfo, period: str, pairs: Sequence[tuple[str, int]], *, at: datetime
) -> list[Candidate]:
    by = measure.order
    weights: Mapping[str, Any] = (
        sources.values(by.element, [party for party, _fen in pairs], kind=measure.party, at=at)
        if by.by == "element"
        else {}
    )
    candidates = [Candidate(party, fen, weights.get(party)) for party, fen in pairs]
    return rules.in_order(candidates, by=by.by, descending=by.descending, measure=measure.key, period=period)


def _looked_at(
    measure: MeasureInfo, one: Candidate, excluded: Mapping[str, str], *, at: datetime
) -> tuple[str, Finding]:
    """Why somebody cannot be listed after all, or "" with what was found."""
    if sources.ended(one.party, at=at):
        return "ended", Finding("not", None)
    if one.party in excluded:
        return "excluded", Finding("not", None)
    finding = sources.finding(measure, one.party, at=at)
    return ("" if finding.pays else "changed"), finding


@kernel.writing()
def _written(proposed: Proposed, *, actor: kernel.Actor, at: datetime) -> str:
    measure = proposed.measure
    pool = pools.lock(measure, proposed.period, periods=proposed.excluding)
    if open_draft(measure.key, proposed.period):
        return ""  # another worker was first
    lines = _cut(proposed, pool)
    if not lines:
        return ""
    fen = sum(one.amount_fen for one, _found in lines)
    digest = _digest(proposed, lines)
    opening = kernel.Opening(
        kind=BENEFIT, way="draw", title=measure.title, unit=measure.unit, region=measure.region, channel="system",
        subject=measure.key,
        data={
            "measure": measure.key, "version": measure.version, "period": proposed.period, "listed": len(lines),
            "amount_fen": fen, "digest": digest,
        },
    )  # fmt: skip
    (docket,), _again = kernel.open_dockets([opening], actor=actor, at=at)
    run = Run.objects.create(
        docket=docket.id, number=docket.number, period=proposed.period, entitled=proposed.entitled,
        skipped=proposed.skipped, digest=digest, day=actors.day_of(at), **_said(measure),
    )  # fmt: skip
    _list(run, lines, at=at)
    pools.take(pool, places=len(lines), fen=fen)
    return run.number


def _cut(proposed: Proposed, pool: Pool) -> Sequence[tuple[Candidate, Finding]]:
    """What the lock's holder may list: still new, still enjoying nothing that excludes it, within what is left now."""
    taken = _known(pool.measure, pool.period)
    excluded = pools.enjoying({one.party for one, _found in proposed.lines}, proposed.excluding)
    lines = [pair for pair in proposed.lines if pair[0].party not in taken and pair[0].party not in excluded]
    room = pools.left(pool)
    chosen = rules.within([one for one, _found in lines], places=room.places, budget_fen=room.fen)
    return lines[: len(chosen)]


def _digest(proposed: Proposed, lines: Sequence[tuple[Candidate, Finding]]) -> str:
    key = proposed.measure.key
    return rules.list_digest(
        (place, rules.key_of(key, proposed.period, one.party), one.amount_fen)
        for place, (one, _found) in enumerate(lines, start=1)
    )


def _said(measure: MeasureInfo) -> dict[str, Any]:
    """What a run keeps of its measure's version."""
    return {
        "measure": measure.key, "version": measure.version, "policy": measure.policy, "title": measure.title,
        "title_en": measure.title_en, "article": measure.article, "says": measure.says, "says_en": measure.says_en,
        "unit": measure.unit, "region": measure.region, "publicity_days": measure.publicity_days,
        "order": {
            "by": measure.order.by, "element": measure.order.element, "descending": measure.order.descending,
        },
    }  # fmt: skip


def _list(run: Run, lines: Sequence[tuple[Candidate, Finding]], *, at: datetime) -> None:
    Due.objects.bulk_create(
        [
            Due(
                key=rules.key_of(run.measure, run.period, one.party), number=f"{run.number}-{place}",
                measure=run.measure, version=run.version, period=run.period, party=one.party, payee=one.party,
                title=run.title, title_en=run.title_en, article=run.article, unit=run.unit, region=run.region, run=run,
                place=place, amount_fen=one.amount_fen, state=DueState.LISTED, facts=written(found.facts),
                weight="" if one.weight is None else str(one.weight)[:64], at=at,
            )
            for place, (one, found) in enumerate(lines, start=1)
        ],
        batch_size=500,
    )  # fmt: skip


def written(facts: Sequence[Fact]) -> str:
    """Facts as a due keeps them (encrypted): a line of JSON."""
    return json.dumps(
        [
            {"element": one.element, "value": one.value, "source": one.source, "as_of": one.as_of, "via": one.via}
            for one in facts
        ],
        ensure_ascii=False, default=str,
    )  # fmt: skip
