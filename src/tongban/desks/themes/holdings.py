"""What is there already for one application: facts for its form, and what stands in for its papers.

Gathered anew for every page and once more at the submission, so that a licence that was revoked meanwhile counts no
more. The number of queries does not depend on how many facts and licences there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.themes import profile, sources
from tongban.desks.themes.contracts import Plan, Wording
from tongban.desks.themes.filling import Known, usable
from tongban.desks.themes.planning import SHANGHAI
from tongban.kernel.contracts import Actor
from tongban.registers.exchange import api as exchange
from tongban.registers.licences import api as licences
from tongban.registers.licences.contracts import LicenceInfo, LicenceState

DAY, MONTH = timedelta(days=1), timedelta(days=30)
OWN_ROLES = frozenset({"legal_rep", "buyer", "guardian", "mother"})
"""Roles of a form in which the applicant (or who represents it) is, as licences and profiles take it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A licence that would have spared a paper but does not hold. `standing` as `LicenceInfo.standing` says."""

    licence: LicenceInfo
    standing: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is known for one plan and one party. All keys are those of elements and papers.

    :param known: values that fit fields of the plan
    :param papers: a valid licence or a shared record for a paper; `queued` the register is away, to be checked
    :param earlier: files of an earlier application that may serve again
    :param troubles: why a licence does not stand in for a paper
    :param unavailable: registers that did not answer
    :param licences: everything the party holds, in whatever state
    """

    known: Mapping[str, Known] = field(default_factory=dict)
    papers: Mapping[str, cases.Evidence] = field(default_factory=dict)
    queued: Mapping[str, cases.Evidence] = field(default_factory=dict)
    earlier: Mapping[str, cases.PaperBefore] = field(default_factory=dict)
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    unavailable: tuple[str, ...] = ()
    licences: tuple[LicenceInfo, ...] = ()


NOTHING = Holdings()
"""What is known of a visitor."""


def gather(
    plan: Plan, *, applicant: str, by: Actor, at: datetime, draft: str = "", max_age: timedelta = DAY
) -> Holdings:
    """Look everything up that spares the applicant of this plan typing and papers.

    :param applicant: id of the party in whose name is asked
    :param by: who looks: the person at the screen, an agent, an officer at the window
    :param draft: key of the unfinished application, under which the registers' answers are kept for a day
    :param max_age: registers' answers older than this are asked for again
    :raises actors.NotKnownError: nobody has this id
    """
    party, day = actors.party_facts(applicant), at.astimezone(SHANGHAI).date()
    own = profile.facts_of(party, acting=by.id)
    wanted = [paper.key for paper in plan.materials if paper.brought]
    held = licences.held_by_number(party.number, on=day, all_states=True, holder=applicant)
    valid = [one for one in held if one.standing(day) == LicenceState.VALID]
    spared = _answering(plan, wanted, party, day, others={})
    of_licences = _of_licences(valid)
    told = usable(plan, own, of_licences)
    open_fields = [item.key for item in plan.asked if item.key not in told]
    open_fields += [item.key for item in plan.asked if item.usual is not None and item.key not in open_fields]
    answer = exchange.facts(
        party=party, elements=open_fields, papers=[key for key in wanted if key not in spared],
        purpose=plan.name.zh, by=by, at=at, draft=draft, max_age=max_age,
    )  # fmt: skip
    if others := _vouched_numbers(answer):
        rest = [key for key in wanted if key not in spared]
        spared = _answering(plan, rest, party, day, others=others) | spared
    papers = {key: evidence_of(one) for key, one in spared.items()}
    papers |= {key: cases.evidence_of(key, fact) for key, fact in answer.papers.items() if key not in spared}
    return Holdings(
        known=usable(plan, own, of_licences, _shared(answer), _earlier(applicant, plan)),
        papers=papers,
        queued=_queued([key for key in wanted if key not in papers], answer.unavailable),
        earlier=_papers_before(applicant, [key for key in wanted if key not in papers], at),
        troubles=_troubles([key for key in wanted if key not in papers], held, day),
        unavailable=answer.unavailable,
        licences=held,
    )


def _answering(
    plan: Plan, wanted: Collection[str], party: actors.PartyFacts, day: date, *, others: Mapping[str, str]
) -> dict[str, LicenceInfo]:
    """A valid licence for each paper that one stands in for: the applicant's, that of who represents it, and of others
    of whom a register says who they are. A paper of several people counts when all of them are known; of whom the
    form does not ask, there is none.

    :param others: identity numbers by role in the form
    """
    known, asked = OWN_ROLES | others.keys(), {item.key for item in plan.fields}
    roles = {role for one in licences.kinds().values() for people in one.whose.values() for role in people}
    absent = {role for role in roles - known if f"{role}.id" not in asked}
    return licences.answering(wanted, party=party, on=day, others=dict(others), absent=absent)


def whose(kind: str, paper: str) -> tuple[str, ...]:
    """The roles that have to hold a licence of this kind for it to stand in for a paper; empty: the applicant."""
    info = licences.kinds().get(kind)
    return info.whose.get(paper, ()) if info else ()


def stands_for(kind: str, paper: str) -> bool:
    """Whether the applicant's own licence of this kind may stand in for a paper."""
    info = licences.kinds().get(kind)
    return info is not None and paper in info.replaces and set(whose(kind, paper)) <= OWN_ROLES


def _vouched_numbers(answer: exchange.Answer) -> dict[str, str]:
    """Identity numbers by role, of people whom a register names."""
    return {
        key.removesuffix(".id"): str(fact.value) for key, fact in answer.facts.items() if key.endswith(".id")
    }


def _of_licences(valid: Iterable[LicenceInfo]) -> dict[str, Known]:
    return {
        key: Known(
            fact.value, Wording(*fact.kind_name), kind="licence", as_of=fact.as_of, reference=fact.identifier
        )
        for key, fact in licences.facts_in(valid).items()
    }


def _shared(answer: exchange.Answer) -> dict[str, Known]:
    return {
        key: Known(
            fact.value, Wording(fact.source_zh, fact.source_en), kind="shared", as_of=fact.as_of,
            reference=fact.register,
        )
        for key, fact in answer.facts.items()
    }  # fmt: skip


def _earlier(applicant: str, plan: Plan) -> dict[str, Known]:
    asked = {item.key for item in plan.asked} - sources.not_carried_over()
    found: dict[str, Known] = {}
    for one in cases.forms_before(applicant):
        source = Wording(f"您以前的申请“{one.title}”", f"your earlier application {one.number}")
        day = one.opened_at.astimezone(SHANGHAI).date()
        for key in asked & one.form.keys():
            known = Known(one.form[key], source, kind="earlier", as_of=day, reference=one.number)
            found.setdefault(key, known)
    return found


def evidence_of(one: LicenceInfo) -> cases.Evidence:
    """A licence as evidence for a paper."""
    return cases.Evidence(
        kind="licence", reference=one.identifier, zh=one.kind_name[0], en=one.kind_name[1],
        unit=one.unit_name, as_of=one.issued_on, until=one.valid_until,
    )  # fmt: skip


def _queued(wanted: Iterable[str], unavailable: tuple[str, ...]) -> dict[str, cases.Evidence]:
    standing_in, found = exchange.standing_in(), {}
    for key in wanted:
        register = standing_in.get(key, "")
        if register in unavailable:
            info = exchange.register(register)
            found[key] = cases.Evidence(
                kind="shared", reference=f"{register}:{key}", zh=info.name, en=info.name_en,
                check=cases.Check.QUEUED.value,
            )  # fmt: skip
    return found


def _papers_before(applicant: str, wanted: Iterable[str], at: datetime) -> dict[str, cases.PaperBefore]:
    months = {key: n for key, n in sources.papers().reusable.items() if key in set(wanted)}
    if not months:
        return {}
    found = cases.papers_before(applicant, months.keys(), since=at - MONTH * max(months.values()))
    return {key: one for key, one in found.items() if one.handed_in >= at - MONTH * months[key]}


def _troubles(wanted: Iterable[str], held: Iterable[LicenceInfo], day: date) -> dict[str, Trouble]:
    found: dict[str, Trouble] = {}
    for one in held:
        standing = one.standing(day)
        if standing == LicenceState.VALID:
            continue
        for key in wanted:
            if stands_for(one.kind, key):
                found.setdefault(key, Trouble(one, standing))
    return found
