"""Reading persons and organisations, and the names of everybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.actors.contracts import NotKnownError, PartyFacts, PartyInfo
from tongban.actors.directory import directory
from tongban.actors.models import Acting, Officer, Organisation, Person
from tongban.actors.selectors import split_id
from tongban.actors.validators import is_mobile
from tongban.kernel.contracts import SYSTEM, SYSTEM_ID
from tongban.kernel.prepared import Prepared
from tongban.kernel.privacy import blind_index, mask_id, mask_name, mask_phone, normalise

# Purposes of the blind indexes: the same number has another index for another purpose.
RESIDENT_ID = "resident-id"
PHONE = "phone"
_SHORTEST_NAME = 2
_TABLES: dict[str, type[Officer | Person | Organisation]] = {
    "officer": Officer,
    "person": Person,
    "organisation": Organisation,
}


_PERSON = {
    "name": "name", "number": "resident_id", "phone": "phone", "address": "address", "region": "region",
    "birth_date": "birth_date", "gender": "gender", "nation": "nation",
}  # fmt: skip
_ORGANISATION = {
    "name": "name", "number": "uscc", "phone": "phone", "address": "address", "region": "region", "type": "type",
    "established_date": "established_date", "capital_fen": "capital_fen", "industry": "industry",
    "representative": "legal_representative__name",
    "representative_number": "legal_representative__resident_id",
    "representative_phone": "legal_representative__phone",
}  # fmt: skip
"""Columns of what is known of a party, by the name that `PartyFacts` gives it."""
_OF_PERSON = Prepared(lambda pk: Person.objects.filter(pk=pk).values_list(*_PERSON.values()), pk=int)
_OF_ORGANISATION = Prepared(
    lambda pk: Organisation.objects.filter(pk=pk).values_list(*_ORGANISATION.values()), pk=int
)


def _names(of: type[Officer | Person | Organisation]) -> Prepared[tuple[int, str]]:
    return Prepared(lambda pks: of.objects.filter(pk__in=pks).values_list("pk", "name"), pks=int)


_NAMES = {kind: _names(table) for kind, table in _TABLES.items()}


def party(party_id: str) -> PartyInfo:
    """A person or an organisation with masked numbers.

    :raises NotKnownError: nobody has this id
    """
    kind, pk = split_id(party_id)
    if kind == "person" and (person := Person.objects.filter(pk=pk).first()):
        return PartyInfo(
            id=party_id, kind=kind, name=person.name, number_masked=mask_id(person.resident_id),
            phone_masked=mask_phone(person.phone), region=person.region,
            ended_on=person.ended_on,
        )  # fmt: skip
    if kind == "organisation" and (body := Organisation.objects.filter(pk=pk).first()):
        return PartyInfo(
            id=party_id, kind=kind, name=body.name, number_masked=body.uscc, phone_masked=mask_phone(body.phone),
            region=body.region, ended_on=body.ended_on,
        )  # fmt: skip
    raise NotKnownError(_("没有这个人或单位的登记。"))


def party_facts(party_id: str) -> PartyFacts:
    """What the registers know of a party, unmasked: for filling in forms, never for lists or logs.

    :raises NotKnownError: nobody has this id
    """
    kind, pk = split_id(party_id)
    reading = {"person": (_OF_PERSON, _PERSON), "organisation": (_OF_ORGANISATION, _ORGANISATION)}.get(kind)
    row = next(iter(reading[0](pk=pk)), None) if reading else None
    if reading is None or row is None:
        raise NotKnownError(_("没有这个人或单位的登记。"))
    found = {name: value for name, value in zip(reading[1], row, strict=True) if value is not None}
    return PartyFacts(id=party_id, kind=kind, **found)


def phone_of(actor_id: str) -> str:
    """The mobile number of a person, an officer or an organisation (else its representative's).

    Empty when none is known. For channels that send; screens show `party().phone_masked`.

    :raises NotKnownError: nobody has this id
    """
    kind, pk = split_id(actor_id)
    table = _TABLES.get(kind)
    row = table.objects.filter(pk=pk).first() if table else None
    if row is None:
        raise NotKnownError(_("没有这个人或单位的登记。"))
    numbers = [row.phone]
    if isinstance(row, Organisation) and row.legal_representative is not None:
        numbers.append(row.legal_representative.phone)
    return next((number for number in numbers if is_mobile(number)), "")


def find_person(resident_id: str) -> str | None:
    """Id of the person with this resident id number (any spacing, x or X), or None."""
    index = blind_index(resident_id, purpose=RESIDENT_ID)
    pk = Person.objects.filter(resident_id_index=index).values_list("pk", flat=True).first()
    return f"person:{pk}" if pk else None


def find_organisation(uscc: str) -> str | None:
    """Id of the organisation with this unified social credit code, or None."""
    pk = Organisation.objects.filter(uscc=normalise(uscc)).values_list("pk", flat=True).first()
    return f"organisation:{pk}" if pk else None


def organisations_named(text: str, *, most: int = 20) -> list[str]:
    """Ids of organisations whose name begins with a text of at least two characters, by name; one query over an index."""
    if len(text) < _SHORTEST_NAME:
        return []
    rows = Organisation.objects.filter(name__startswith=text).order_by("name", "pk")
    return [f"organisation:{pk}" for pk in rows.values_list("pk", flat=True)[:most]]


def find_parties(kind: str, numbers: Collection[str]) -> dict[str, str]:
    """Ids of persons or organisations by their number as it was given; unknown ones are left out. One query.

    :param kind: ``person`` (resident id numbers) or ``organisation`` (credit codes); at most some thousand numbers
    """
    if kind == "person":
        by_index = {blind_index(number, purpose=RESIDENT_ID): number for number in numbers}
        people = Person.objects.filter(resident_id_index__in=list(by_index))
        return {
            by_index[index]: f"person:{pk}" for pk, index in people.values_list("pk", "resident_id_index")
        }
    by_code = {normalise(number): number for number in numbers}
    bodies = Organisation.objects.filter(uscc__in=list(by_code)).values_list("pk", "uscc")
    return {by_code[code]: f"organisation:{pk}" for pk, code in bodies}


def names(ids: Iterable[str]) -> dict[str, str]:
    """Names of officers, persons, organisations and units; an unknown id stands for itself.

    At most one query per kind, however many ids.
    """
    wanted: dict[str, set[int]] = {}
    found: dict[str, str] = {}
    units = directory().units
    for one in set(ids):
        kind, pk = split_id(one)
        if pk and kind in _TABLES:
            wanted.setdefault(kind, set()).add(pk)
        found[one] = units[one].name if one in units else SYSTEM.name if one == SYSTEM_ID else one
    for kind, pks in wanted.items():
        found.update({f"{kind}:{pk}": name for pk, name in _NAMES[kind](pks=sorted(pks))})
    return found


def party_name(party_id: str, *, masked: bool = False) -> str:
    """Name of a person, organisation, officer or unit; its id when not known.

    :param masked: a person's name as ``张*明``; organisations stay readable
    """
    name = names([party_id])[party_id]
    return mask_name(name) if masked and party_id.startswith("person:") else name


def ended(kind: str, *, on: date) -> frozenset[str]:
    """Ids of the persons or organisations that have ended by a day: dissolved, merged, dead. One query.

    :param kind: ``person`` or ``organisation``
    """
    table = Person if kind == "person" else Organisation
    rows = table.objects.filter(ended_on__isnull=False, ended_on__lte=on).values_list("pk", flat=True)
    return frozenset(f"{kind}:{pk}" for pk in rows)


def erase_profile(party_id: str, at: datetime) -> int:
    """Erase what somebody told about himself: phone and address; authorities that he gave or holds end.

    Name and number stay as long as dockets that law orders to keep name this person (个人信息保护法 第四十七条 第二款); an
    organisation's entry is public and stays.

    :returns: how many rows
    """
    kind, pk = split_id(party_id)
    if kind != "person":
        return 0
    acting = Acting.objects.filter(Q(person_id=pk) | Q(for_person_id=pk), revoked_at__isnull=True)
    ended = acting.exclude(basis="law").update(revoked_at=at, document="", document_name="")
    # With `save`, so that empty values pass the encrypted columns as anything else does.
    person = Person.objects.get(pk=pk)
    person.phone = person.phone_index = person.address = person.nation = ""
    person.save(update_fields=["phone", "phone_index", "address", "nation"])
    return ended + 1
