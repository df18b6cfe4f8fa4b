"""Reading licences. The caller has made sure that the actor may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel.prepared import Prepared
from tongban.registers.licences import identifier as identifiers
from tongban.registers.licences import kinds
from tongban.registers.licences.contents import holder_index, number_index, opened
from tongban.registers.licences.contracts import (
    KindInfo,
    LicenceFact,
    LicenceInfo,
    LicenceState,
    LicenceUse,
    PastVersion,
    UnknownLicenceError,
)
from tongban.registers.licences.models import Licence, Use

PAGE = 50
# Roles of a form in which, unless `others` says otherwise, the applicant is: as themes prefill them.
OWN_ROLES = ("legal_rep", "buyer", "guardian", "mother")


def info(row: Licence, *, holder: str = "") -> LicenceInfo:
    """A row as it crosses the door.

    :param holder: the party that was asked for, where the row knows none
    """
    content = opened(row.sealed)
    kind = kinds.kinds().get(row.kind)
    return LicenceInfo(
        id=row.pk, identifier=row.identifier, number=content.number, kind=row.kind,
        kind_name=(kind.name, kind.name_en) if kind else (row.kind, row.kind), holder=row.holder or holder,
        holder_name=content.holder_name, unit=row.unit, unit_name=actors.unit_name(unit_id=row.unit),
        issued_on=row.issued_on, valid_from=row.valid_from, valid_until=row.valid_until, state=row.state,
        version=row.version, fields=content.fields, docket=row.docket, holder_number=content.holder_number,
        region=row.region, replaced_by=row.replaced_by, imported=row.source is not None,
    )  # fmt: skip


_BY_BASE = Prepared(lambda base: Licence.objects.filter(base=base))


def row_of(text: str, *, rows: QuerySet[Licence] | None = None) -> Licence:
    """The row of an identifier, of whichever version.

    :raises IdentifierError: not an identifier
    :raises UnknownLicenceError: no such licence here, or no such version of it
    """
    wanted = identifiers.parse(text)
    found = _BY_BASE.first(base=wanted.base) if rows is None else rows.filter(base=wanted.base).first()
    if found is None or not _had(found, wanted):
        raise UnknownLicenceError(_("证照库里没有这份电子证照。"), possible=_("请核对标识，或按证照编号查。"))
    return found


def _had(row: Licence, wanted: identifiers.Identifier) -> bool:
    if row.identifier == str(wanted):
        return True
    return wanted.version < row.version and row.versions.filter(version=wanted.version).exists()


def licence(text: str) -> LicenceInfo:
    """The licence of an identifier in its current version, whichever version was named.

    :raises IdentifierError: not an identifier
    :raises UnknownLicenceError: no such licence here
    """
    return info(row_of(text))


_IDS = Prepared(lambda bases: Licence.objects.filter(base__in=bases).values_list("base", "pk"))


def ids_of(texts: Collection[str]) -> dict[str, int]:
    """Ids of licences by the identifiers given, of whichever version; unknown ones are absent; one query."""
    bases = {text: identifiers.parse(text).base for text in texts}
    found = dict(_IDS(bases=sorted(set(bases.values())))) if bases else {}
    return {text: found[base] for text, base in bases.items() if base in found}


def by_number(number: str, *, kinds: Collection[str] | None = None) -> tuple[LicenceInfo, ...]:
    """The licences with this printed number, newest first; of the kinds if any are named."""
    rows = Licence.objects.filter(number_index=number_index(number))
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return tuple(info(row) for row in rows.order_by("-issued_on", "-pk")[:PAGE])


def held_by(
    party: str, *, on: date, kinds: Collection[str] | None = None, all_states: bool = False
) -> tuple[LicenceInfo, ...]:
    """The licences of a party, newest first: those valid on the day, or all.

    Found by the party's number, so that what was imported before the party registered is there too. One query for
    the party, one for the licences, however many there are.

    :param kinds: only these
    :param all_states: also what is suspended, revoked, replaced, cancelled, expired or not valid yet
    :raises actors.NotKnownError: nobody has this id
    """
    return held_by_number(
        actors.party_facts(party).number, on=on, kinds=kinds, all_states=all_states, holder=party
    )


_HELD = Prepared(lambda index: Licence.objects.filter(holder_index=index).order_by("-issued_on", "-pk"))
_HELD_OF = Prepared(
    lambda index, kinds: Licence.objects.filter(holder_index=index, kind__in=kinds).order_by(
        "-issued_on", "-pk"
    )
)


def held_by_number(
    number: str,
    *,
    on: date,
    kinds: Collection[str] | None = None,
    all_states: bool = False,
    holder: str = "",
) -> tuple[LicenceInfo, ...]:
    """As `held_by`, by resident id or credit code: for who is no party here (a child, a foreign company)."""
    if kinds is not None and not kinds:
        return ()
    found = (info(row, holder=holder) for row in _held(holder_index(number), kinds))
    return tuple(one for one in found if all_states or one.standing(on) == LicenceState.VALID)


def _held(index: str, kinds: Collection[str] | None) -> Iterable[Licence]:
    return _HELD(index=index) if kinds is None else _HELD_OF(index=index, kinds=sorted(kinds))


def facts_of(party: str, *, on: date) -> dict[str, LicenceFact]:
    """What a party's valid licences vouch for, by key of the data element; of two the newer one is right."""
    return facts_in(held_by(party, on=on))


def facts_in(licences: Iterable[LicenceInfo]) -> dict[str, LicenceFact]:
    """What these licences, newest first, vouch for."""
    found: dict[str, LicenceFact] = {}
    for one in licences:
        for element, value in _fed(kinds.kinds().get(one.kind), one):
            fact = LicenceFact(element, value, one.identifier, one.kind_name, one.unit_name, one.issued_on)
            found.setdefault(element, fact)
    return found


def _fed(kind: KindInfo | None, one: LicenceInfo) -> Iterable[tuple[str, Any]]:
    for entry in kind.fields if kind else ():
        if (value := one.fields.get(entry.key)) not in (None, "", [], ()):
            yield from ((element, value) for element in (entry.element, *entry.feeds) if element)


def answering(
    materials: Collection[str],
    *,
    party: str | actors.PartyFacts,
    on: date,
    others: Mapping[str, str] | None = None,
    absent: Collection[str] = (),
) -> dict[str, LicenceInfo]:
    """Which of these materials need not be brought: a valid licence stands for each (the newest).

    国务院令第716号 第十条: an e-licence has the force of the paper one. Most papers are the applicant's own; some are
    somebody else's (`KindInfo.whose`): those are answered by the licences of the people in `others`.

    :param party: its id; or what is known of it, by who has read that already
    :param others: resident ids or credit codes of the people in the form by their role, ``{"seller": "4212…"}``, for
        whom the caller knows that their licences may be used; the applicant and whom the applicant represents need
        not be named
    :param absent: roles that nobody has in this case (a child whose father is not known)
    :returns: by material key; where a paper is of several people, the licence of the first, if all of them are known
        and hold one
    """
    wanted = frozenset(materials)
    concerned = [one for one in kinds.kinds().values() if not wanted.isdisjoint(one.replaces)]
    if not concerned:
        return {}
    facts = actors.party_facts(party) if isinstance(party, str) else party
    roles = dict.fromkeys(OWN_ROLES, facts.number)
    if facts.representative_number:
        roles["legal_rep"] = facts.representative_number
    roles |= {role: number for role, number in (others or {}).items() if number}
    held = _held_by_all({facts.number, *roles.values()}, on=on, slugs={one.slug for one in concerned})
    found: dict[str, LicenceInfo] = {}
    for one in concerned:
        for key in wanted.intersection(one.replaces) - found.keys():
            whose = [role for role in one.whose.get(key, ()) if role not in absent]
            if not set(whose) <= set(roles) or (one.whose.get(key) and not whose):
                continue  # the paper of both parents is not met by one of them
            people = [roles[role] for role in whose] or [facts.number]
            licences = [held.get((holder_index(number), one.slug)) for number in people]
            if licences and None not in licences and licences[0] is not None:
                found[key] = licences[0]
    return found


def _held_by_all(
    numbers: Collection[str], *, on: date, slugs: Collection[str]
) -> dict[tuple[str, str], LicenceInfo]:
    """The newest valid licence of each holder and kind, by holder's index and kind; one query."""
    found: dict[tuple[str, str], LicenceInfo] = {}
    indexes = sorted(holder_index(one) for one in numbers if one)
    for row in _VALID(indexes=indexes, slugs=sorted(slugs), on=on) if indexes else ():
        if (row.holder_index, row.kind) not in found:
            found[row.holder_index, row.kind] = info(row)
    return found


def _valid_on(on: date) -> Q:
    """Valid on a day, the last one included."""
    return Q(state=LicenceState.VALID, valid_from__lte=on) & (
        Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    )


_VALID = Prepared(
    lambda indexes, slugs, on: Licence.objects.filter(
        _valid_on(on), holder_index__in=indexes, kind__in=slugs
    ).order_by("-issued_on", "-pk"),
    on=date,
)


def past_versions(text: str) -> tuple[PastVersion, ...]:
    """Earlier versions of a licence, newest first."""
    return tuple(
        PastVersion(
            version=row.version, identifier=row.identifier, act=row.act, reason=row.reason, at=row.at,
            fields=opened(row.sealed).fields, valid_from=row.valid_from, valid_until=row.valid_until,
        )
        for row in row_of(text).versions.order_by("-version")
    )  # fmt: skip


def uses_of(party: str, *, limit: int = PAGE) -> tuple[LicenceUse, ...]:
    """Who used a party's licences, newest first: the holder sees all of it (个人信息保护法 第四十四条)."""
    index = holder_index(actors.party_facts(party).number)
    rows = Use.objects.filter(licence__holder_index=index).select_related("licence").order_by("-at", "-pk")
    return tuple(_use(row) for row in rows[:limit])


def uses_of_licence(text: str, *, limit: int = PAGE) -> tuple[LicenceUse, ...]:
    """Who used this licence, newest first."""
    rows = row_of(text).uses.select_related("licence").order_by("-at", "-pk")
    return tuple(_use(row) for row in rows[:limit])


def _use(row: Use) -> LicenceUse:
    kind = kinds.kinds().get(row.licence.kind)
    name = (kind.name, kind.name_en) if kind else (row.licence.kind, row.licence.kind)
    return LicenceUse(row.identifier, name, row.by, row.unit, row.purpose, row.docket, row.at)


def valid_by_kind(*, on: date) -> dict[str, int]:
    """How many licences of each kind are valid on a day; one query."""
    rows = Licence.objects.filter(_valid_on(on)).values("kind").annotate(number=Count("id")).order_by("kind")
    return {row["kind"]: row["number"] for row in rows}
