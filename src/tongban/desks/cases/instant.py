"""Instant approval 秒批: the decision rules of a matter, run on what is known, decide the case without a human.

All true: accepted and granted by the system in one move, the licence issued with it. Anything unknown: a human
decides, with the results beside the materials. One false: the applicant is told before submitting what and how to
mend it, and may submit all the same: who applies has a right to a decision in writing, also to a refusal (行政许可法
第三十二条、第三十八条).

Decided right after a submission (and after each grant that starts further cases) in a transaction of its own; what
a crash or a failure left undone, the handlers of the same events pick up.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from tongban.desks.cases import instant_facts, issuing
from tongban.desks.cases.contracts import Check, InstantOutlook, Submission
from tongban.desks.cases.instant_words import outlook
from tongban.desks.cases.models import Application, Case, Material
from tongban.desks.cases.models_after import InstantCheck
from tongban.desks.cases.rules import listed
from tongban.kernel import api as kernel
from tongban.kernel.ledger.rules import canonical
from tongban.kernel.prepared import Prepared
from tongban.kernel.privacy import sealed
from tongban.kernel.rules.elements import Dated
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.api import Finding, InstantSpec, Verdict
from tongban.registers.catalogue.contracts import MatterSpec

logger = logging.getLogger(__name__)
PAPERS = "papers"
"""Key of the finding that every matter has: each paper is there without anybody having to look at it."""
FRESH = timedelta(days=1)
"""How long what was looked up for the submission serves the decision; later it is looked up anew."""
MOST_ROUNDS = 12
"""Grants release followers, which may be granted at once; no theme has a longer chain."""


_CHECK_COLUMNS = (
    "case_id", "revision", "rules_version", "verdict", "stopped", "approved", "findings", "checked_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the application: how it is met, for which matters, and whether its evidence was just looked up."""

    key: str
    name: str
    way: str
    matters: tuple[str, ...]
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """What an application says, stored or about to be submitted.

    :param disputed: data elements of which the applicant says that the register is wrong: a human looks
    :param docket: its number; empty before it has one, then `draft` names what was begun
    """

    party: str
    form: Mapping[str, Any]
    papers: tuple[Paper, ...]
    disputed: frozenset[str] = frozenset()
    docket: str = ""
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One case as the rules see it, stored or about to be submitted."""

    matter: str
    situation: str
    spec: MatterSpec
    rules: InstantSpec


@dataclass(frozen=True, slots=True)
class Looked:
    """What the rules came to for one case, and what it rests on."""

    asked: Asked
    verdict: Verdict
    findings: tuple[Finding, ...]
    record: Mapping[str, Any]
    why: Mapping[str, str]
    registers: tuple[str, ...]
    kinds: tuple[str, ...]
    licences: tuple[str, ...]


def asked_of(*, matter: str, code: str, situation: str, region: str, survey: str) -> Asked | None:
    """The case with its rules, or None where none apply: no rules, another situation, or somebody has to go there."""
    spec = issuing.spec_of(matter=matter, implementation_code=code, region=region)
    if spec is None or spec.instant is None or survey or spec.procedures:
        return None
    return Asked(matter, situation, spec, spec.instant) if spec.instant.applies(situation) else None


def look(asked: Sequence[Asked], applied: Applied, *, at: datetime) -> list[Looked]:
    """Run the rules of several cases of one application on the same facts. Writes nothing of the desk's own."""
    said = [one.key for one in applied.papers if one.way == "known" and not one.checked]
    gathered = instant_facts.gather(
        [one.rules for one in asked], party=applied.party, papers=said, at=at, docket=applied.docket,
        draft=applied.draft, form=applied.form,
    )  # fmt: skip
    return [_look(one, gathered, applied, at) for one in asked]


def _look(asked: Asked, gathered: instant_facts.Gathered, applied: Applied, at: datetime) -> Looked:
    filled = {
        key: instant_facts.plain(value) for key, value in applied.form.items() if value not in (None, "")
    }
    record = {**filled, **gathered.record, "asked.situation": asked.situation}
    read = {key: record[key] for key in asked.rules.reads if key in record}
    why = {key: gathered.why[key] for key in asked.rules.reads if key in gathered.why}
    for key in [key for key in read if _element(key) in applied.disputed]:
        del read[key]
        why[key] = "disputed"
    review = asked.rules.review(read, as_of=at)
    found = (*review.findings, _papers(asked, applied.papers, gathered.papers))
    verdict = review.verdict
    if verdict is Verdict.APPROVE and found[-1].value is None:
        verdict = Verdict.HUMAN
    kinds = tuple(sorted(kind for kind in asked.rules.kinds if kind in gathered.licences))
    return Looked(
        asked=asked, verdict=verdict, findings=found, record=read, why=why,
        registers=tuple(sorted({key.split(".")[1] for key in read if key.startswith(catalogue.SHARED)})),
        kinds=kinds, licences=tuple(gathered.licences[kind] for kind in kinds),
    )  # fmt: skip


def _element(key: str) -> str:
    """The data element behind a key, so that a disputed one is known wherever it is read."""
    return key.split(".", 2)[2] if key.startswith(catalogue.SHARED) else key


def _papers(asked: Asked, papers: Sequence[Paper], answered: set[str]) -> Finding:
    """Whether every paper of the matter is there without an eye on it; never a no, since a human may take it."""
    open_ones = tuple(
        (one.name, one.way)
        for one in papers
        if asked.matter in one.matters
        and not (
            one.way in {"result", "commit", "form"}
            or (one.way == "known" and (one.checked or one.key in answered))
            or (one.way == "upload" and one.key in asked.rules.uploads)
        )
    )
    return Finding(PAPERS, None if open_ones else True, open_ones)


# Before submitting


def preview(asked: Submission, *, at: datetime, draft: str = "") -> tuple[InstantOutlook, ...]:
    """What the rules will say of each case that has some, in the order of the cases; nothing is decided.

    :param draft: key of the unfinished application, so that shared registers are asked once for it
    """
    wanted = {
        case.matter: found
        for case in asked.cases
        if (found := asked_of(matter=case.matter, code=case.implementation_code, situation=case.situation,
                              region=asked.region, survey=case.survey)) is not None
    }  # fmt: skip
    if not wanted:
        return ()
    on = catalogue.instant_on(list(wanted), asked.region)
    papers = tuple(
        Paper(
            one.key, one.name, one.way, one.matters,
            one.evidence is not None and one.evidence.check == Check.PASSED,
        )
        for one in asked.materials
    )  # fmt: skip
    disputed = frozenset(one.element for one in asked.corrections)
    applied = Applied(asked.applicant, asked.form, papers, disputed, draft=draft)
    looked = look(list(wanted.values()), applied, at=at)
    after = {case.matter: bool(set(case.after) & {one.matter for one in asked.cases}) for case in asked.cases}
    return tuple(outlook(one, on=on[one.asked.matter], waits=after[one.asked.matter]) for one in looked)


# After submitting


_CHECKED = Prepared(
    lambda dockets: InstantCheck.objects.filter(case__in=dockets).values_list("case_id", "revision"),
    dockets=int,
)
_CASES = Prepared(
    lambda dockets: Case.objects.filter(docket_id__in=dockets).order_by("docket_id"), dockets=int
)
_PAPERS = Prepared(
    lambda application: (
        Material.objects.filter(application_id=application)
        .order_by("id")
        .values_list("key", "name", "way", "matters", "check_state", "check_at")
    ),
    application=int,
)
_SAID = Prepared(
    lambda application: Application.objects.filter(docket_id=application).values_list(
        "docket__applicant", "docket__number", "form", "provenance"
    ),
    application=int,
)


def decide_quietly(application: int, matters: Iterable[str], *, region: str, at: datetime) -> None:
    """Decide right after a submission is committed; what fails here is left to the handlers of the outbox.

    Costs nothing where no matter has rules: the catalogue is in memory.
    """
    specs = catalogue.matters(list(matters), region)
    if not any(spec.instant is not None for spec in specs.values()):
        return
    if kernel.in_writing():  # a caller's transaction: what fails here must not take the submission along
        transaction.on_commit(lambda: _decide_now(application, at=at))
    else:
        _decide_now(application, at=at)


def _decide_now(application: int, *, at: datetime) -> None:
    try:
        decide(application, at=at)
    except Exception:  # the submission stands whatever happens here
        logger.exception("instant approval of application %s left to the worker", application)


def decide(application: int, *, at: datetime, anew: bool = False) -> tuple[int, ...]:
    """Run the rules on every received case of an application and grant what they approve; gives those dockets.

    A grant may start further cases, which are looked at in turn. The same again changes nothing.

    :param anew: also cases that were looked at before: something else than the case has changed
    """
    granted: list[int] = []
    for number in range(MOST_ROUNDS):
        done = _round_of(application, at=at, anew=anew and number == 0)
        granted += done
        if not done:
            break
    return tuple(granted)


def _round_of(application: int, *, at: datetime, anew: bool) -> list[int]:
    rows = kernel.children_of([application], actor=kernel.SYSTEM)[application]
    received = {row.id: row for row in rows if row.kind == "case" and row.state == "received"}
    known = dict(_CHECKED(dockets=list(received))) if received else {}
    fresh = [key for key, row in received.items() if anew or known.get(key) != row.revision]
    wanted: list[tuple[kernel.DocketRow, Asked]] = []
    for case in _CASES(dockets=fresh) if fresh else ():
        found = asked_of(
            matter=case.matter, code=case.implementation_code, situation=case.situation,
            region=received[case.docket_id].region, survey=case.survey,
        )  # fmt: skip
        if found is not None:
            wanted.append((received[case.docket_id], found))
    if not wanted:
        return []
    looked = look([one for _row, one in wanted], _applied(application, at), at=at)
    came = list(zip([row for row, _asked in wanted], looked, strict=True))
    _for_humans([(row, one) for row, one in came if one.verdict is not Verdict.APPROVE], at=at)
    return [row.id for row, one in came if one.verdict is Verdict.APPROVE and _settle(row, one, at=at)]


def _applied(application: int, at: datetime) -> Applied:
    papers = tuple(
        Paper(key, name, way, tuple(listed(matters)), _checked(state, checked_at, at))
        for key, name, way, matters, state, checked_at in _PAPERS(application=application)
    )
    applicant, number, form, provenance = next(_SAID(application=application))
    disputed = frozenset(one["element"] for one in json.loads(provenance or "{}").get("corrections", ()))
    return Applied(applicant, json.loads(form or "{}"), papers, disputed, docket=number)


def _checked(state: str, checked_at: datetime | None, at: datetime) -> bool:
    return state == Check.PASSED and checked_at is not None and at - checked_at <= FRESH


def _for_humans(found: Sequence[tuple[kernel.DocketRow, Looked]], *, at: datetime) -> None:
    """Write down what the rules came to for cases that they leave to a human; in one transaction."""
    if not found:
        return
    with kernel.writing():
        now = kernel.lock_dockets([row.id for row, _looked in found])
        # Where an officer was faster there is nothing to review any more.
        _note([_checked_row(row, one, on=True, at=at) for row, one in found if _waits(now[row.id], row)])


def _waits(now: kernel.DocketRow, row: kernel.DocketRow) -> bool:
    return now.state == "received" and now.revision == row.revision


def _note(checked: Sequence[tuple[Any, ...]]) -> None:
    if checked:
        kernel.put_rows(InstantCheck._meta.db_table, _CHECK_COLUMNS, checked, key=("case_id",))


def _checked_row(row: kernel.DocketRow, looked: Looked, *, on: bool, at: datetime) -> tuple[Any, ...]:
    return (
        row.id, row.revision, looked.asked.rules.version, looked.verdict.value, not on,
        on and looked.verdict is Verdict.APPROVE, sealed(InstantCheck, "findings", _kept(looked)), at,
    )  # fmt: skip


def _settle(row: kernel.DocketRow, looked: Looked, *, at: datetime) -> bool:
    """Write down that the rules approve and, if they are not switched off, grant; in one transaction."""
    asked = looked.asked
    with kernel.writing():
        if not _waits(kernel.lock_dockets([row.id])[row.id], row):
            return False  # an officer was faster
        on = catalogue.instant_on([asked.matter], row.region)[asked.matter]
        _note([_checked_row(row, looked, on=on, at=at)])
        if on:
            kernel.perform(
                row.id, "approve_instantly", actor=kernel.SYSTEM, at=at, seen=row.revision,
                key=f"instant:{row.revision}", data=_ledger(looked),
            )  # fmt: skip
    return on


def _kept(looked: Looked) -> str:
    found = [
        {
            "rule": one.rule,
            "value": one.value,
            "unknown": [[key, looked.why.get(key, why)] for key, why in one.unknown],
        }
        for one in looked.findings
    ]
    return json.dumps(found, ensure_ascii=False)


def _ledger(looked: Looked) -> dict[str, Any]:
    return {
        "rules_version": looked.asked.rules.version,
        "matter_version": looked.asked.spec.version,
        "registers": list(looked.registers),
        "kinds": list(looked.kinds),
        "inputs_digest": inputs_digest(looked.record),
        "licences": list(looked.licences),
    }


def inputs_digest(record: Mapping[str, Any]) -> str:
    """The digest of the values that were read, each with its day where it has one."""
    said = {key: _said(value) for key, value in record.items()}
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def _said(value: Any) -> Any:
    if isinstance(value, Dated):
        return [_said(value.value), value.known_at.isoformat()]
    return value.isoformat() if isinstance(value, date) else value if isinstance(value, bool) else str(value)


def findings_of(check: InstantCheck) -> list[Finding]:
    """What was kept of a check, rule by rule."""
    return [
        Finding(one["rule"], one["value"], tuple((key, why) for key, why in one["unknown"]))
        for one in json.loads(check.findings or "[]")
    ]


def outlook_of(docket: int) -> InstantOutlook | None:
    """The review of a stored case, for the officer beside the materials and for the applicant; None without one.

    The words are those of the rules in force now; where they have changed since, keys stand for them.
    """
    check = InstantCheck.objects.select_related("case", "case__docket").filter(case_id=docket).first()
    if check is None:
        return None
    case = check.case
    found = asked_of(
        matter=case.matter, code=case.implementation_code, situation=case.situation, region=case.docket.region,
        survey=case.survey,
    )  # fmt: skip
    if found is None:
        return None
    looked = Looked(found, Verdict(check.verdict), tuple(findings_of(check)), {}, {}, (), (), ())
    return outlook(looked, on=not check.stopped, waits=False, approved=check.approved, at=check.checked_at)
