"""Loading a city from files: regions, units, officers, delegations, persons, organisations.

The format is told in `packs/demo/README.md`. Loading again changes nothing; a record whose file
changed is changed; nothing is ever removed.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import connection, models
from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tongban.actors import directory, validators
from tongban.actors.contracts import ActorsError, Basis, Role, Tie
from tongban.actors.models import (
    Acting,
    Appointment,
    Delegation,
    Officer,
    Organisation,
    Person,
    Region,
    Unit,
    UnitName,
)
from tongban.actors.parties import PHONE, RESIDENT_ID
from tongban.kernel import api as kernel
from tongban.kernel.privacy import blind_index

Record = dict[str, Any]
# Appointments in the files tell no day; this one lies before everything the demo city does.
_SINCE = date(2015, 1, 1)
_OF_AGE = 18  # 民法典 第十七条


class LoadError(ActorsError):
    """A file cannot be loaded; names the file and the record."""


def read(folder: Path, name: str) -> Any:
    """One YAML file of a folder.

    :raises LoadError: it is missing or no YAML, with line and column
    """
    try:
        return YAML(typ="safe").load(folder / name)
    except OSError as error:
        raise LoadError(_("找不到文件 %(name)s。") % {"name": name}) from error
    except YAMLError as error:
        raise LoadError(f"{name}: {error}") from error


@kernel.writing()
def load_city(*, folder: Path) -> Counter[str]:
    """Load everything of a folder, all or nothing.

    :returns: how many rows were ``added`` and ``changed``
    :raises LoadError: names the file, the record and what is wrong with it
    """
    done: Counter[str] = Counter()
    done += _regions(read(folder, "regions.yaml"))
    done += _units(read(folder, "units.yaml"))
    staff = read(folder, "officers.yaml")
    done += _officers(staff["officers"])
    done += _delegations(staff.get("delegations", []), staff["officers"])
    city = read(folder, "people.yaml")
    done += _people(city["people"])
    done += _organisations(city["organisations"], city["people"])
    done += _guardians(city["people"])
    directory.forget()
    return done


def _put(table: type[models.Model], rows: dict[Any, Record]) -> Counter[str]:
    """Add rows by primary key, change those that differ."""
    manager = table._default_manager  # noqa: SLF001  # Django's public name for any model's manager
    known = manager.in_bulk(list(rows))
    done: Counter[str] = Counter()
    fresh = [table(pk=pk, **row) for pk, row in rows.items() if pk not in known]
    manager.bulk_create(fresh, batch_size=500)
    done["added"] = len(fresh)
    for pk, row in known.items():
        changed = [name for name, value in rows[pk].items() if getattr(row, name) != value]
        if changed:
            for name in changed:
                setattr(row, name, rows[pk][name])
            row.save(update_fields=changed)
            done["changed"] += 1
    if fresh and connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # ids were given, the sequence does not know
            for statement in connection.ops.sequence_reset_sql(no_style(), [table]):
                cursor.execute(statement)
    return done


def _each(name: str, records: list[Record], build: Any) -> dict[Any, Record]:
    rows: dict[Any, Record] = {}
    for number, record in enumerate(records, 1):
        try:
            key, row = build(record)
        except KeyError as error:
            raise LoadError(f"{name}: {number}: {error.args[0]} ?") from error
        except ValidationError as error:
            raise LoadError(f"{name}: {number}: {' '.join(error.messages)}") from error
        if key in rows:
            raise LoadError(f"{name}: {number}: {key} ×2")
        rows[key] = row
    return rows


def _regions(records: list[Record]) -> Counter[str]:
    def build(record: Record) -> tuple[str, Record]:
        return record["code"], {
            "name": record["name"],
            "name_en": record.get("name_en", ""),
            "level": record["level"],
            "parent_id": record["parent"],
            "latitude": record.get("lat"),
            "longitude": record.get("lon"),
        }

    ordered = sorted(records, key=lambda record: str(record.get("level")))
    return _put(Region, _each("regions.yaml", ordered, build))


def _units(records: list[Record]) -> Counter[str]:
    def build(record: Record) -> tuple[str, Record]:
        titles = record.get("window_names", {})
        return record["id"], {
            "name": record["name"],
            "name_en": record.get("name_en", ""),
            "region_id": record["region"],
            "department": record["department"],
            "parent_id": record.get("parent"),
            "uscc": validators.credit_code(record["uscc"]) if record.get("uscc") else "",
            "address": record.get("address", ""),
            "phone": record.get("phone", ""),
            "opening": list(record.get("hours", [])),
            "windows": {number: titles.get(number, "") for number in record.get("windows", [])},
            "latitude": record.get("lat"),
            "longitude": record.get("lon"),
        }

    rows = _each("units.yaml", records, build)
    done = _put(Unit, _parents_first(rows))
    named = set(UnitName.objects.values_list("unit_id", flat=True))
    UnitName.objects.bulk_create(
        UnitName(unit_id=pk, name=row["name"], from_date=_SINCE)
        for pk, row in rows.items()
        if pk not in named
    )
    return done


def _parents_first(rows: dict[str, Record]) -> dict[str, Record]:
    ordered: dict[str, Record] = {}

    def visit(pk: str) -> None:
        if pk in rows and pk not in ordered:
            visit(rows[pk]["parent_id"] or "")
            ordered[pk] = rows[pk]

    for pk in rows:
        visit(pk)
    return ordered


def _officers(records: list[Record]) -> Counter[str]:
    def build(record: Record) -> tuple[int, Record]:
        return record["id"], {
            "name": record["name"],
            "unit_id": record["unit"],
            "staff_number": str(record.get("staff_number") or record["username"]),
            "position": record.get("position", ""),
            "windows": list(record.get("windows", [])),
            "phone": record.get("phone", ""),
        }

    done = _put(Officer, _each("officers.yaml", records, build))
    held = set(Appointment.objects.values_list("officer_id", "unit_id", "role"))
    fresh = [
        Appointment(officer_id=record["id"], unit_id=record["unit"], role=role, from_date=_SINCE)
        for record in records
        for role in (_role(word) for word in record["roles"])
        if (record["id"], record["unit"], role) not in held
    ]
    Appointment.objects.bulk_create(fresh, batch_size=500)
    done["added"] += len(fresh)
    return done


def _role(word: str) -> str:
    try:
        return Role(word.replace("-", "_")).value
    except ValueError as error:
        raise LoadError(f"officers.yaml: {word}: {'、'.join(Role.values)} ?") from error


def _delegations(records: list[Record], officers: list[Record]) -> Counter[str]:
    ids = {record["username"]: record["id"] for record in officers}
    done: Counter[str] = Counter()
    for record in records:
        _row, added = Delegation.objects.get_or_create(
            officer_id=ids[record["officer"]],
            unit_id=record["on_behalf_of"],
            document=record["document"],
            defaults={
                "roles": [_role(word) for word in record["roles"]],
                "matters": list(record["matters"]),
                "from_date": record["valid_from"],
                "until_date": record["valid_until"],
                "granted_by": f"unit:{record['on_behalf_of']}",
            },
        )
        done["added"] += added
    return done


def _people(records: list[Record]) -> Counter[str]:
    def build(record: Record) -> tuple[int, Record]:
        number = validators.resident_id(record["id_number"])
        phone = validators.phone_number(record["phone"]) if record.get("phone") else ""
        return record["id"], {
            "name": record["name"],
            "resident_id": number,
            "resident_id_index": blind_index(number, purpose=RESIDENT_ID),
            "phone": phone,
            "phone_index": blind_index(phone, purpose=PHONE) if phone else "",
            "birth_date": validators.birth_date(number),
            "gender": record.get("gender", ""),
            "nation": record.get("nation", ""),
            "address": record.get("address", ""),
            "region": record.get("region", ""),
        }

    return _put(Person, _each("people.yaml", records, build))


def _organisations(records: list[Record], people: list[Record]) -> Counter[str]:
    ids = {record["key"]: record["id"] for record in people}

    def build(record: Record) -> tuple[int, Record]:
        return record["id"], {
            "name": record["name"],
            "name_en": record.get("name_en", ""),
            "uscc": validators.credit_code(record["uscc"]),
            "legal_representative_id": ids[record["legal_representative"]],
            "address": record.get("address", ""),
            "region": record.get("region", ""),
            "phone": validators.phone_number(record["phone"]) if record.get("phone") else "",
            "type": record.get("kind", ""),
            "established_date": record.get("established"),
            "capital_fen": record.get("capital_fen"),
            "industry": record.get("industry", ""),
        }

    done = _put(Organisation, _each("people.yaml", records, build))
    for record in records:
        for member in record.get("members", []):
            if member["person"] != record["legal_representative"]:
                done += _acting(ids[member["person"]], since=_SINCE, for_organisation_id=record["id"])
    return done


def _guardians(records: list[Record]) -> Counter[str]:
    """Parents act for their children until these are of age (民法典 第二十三条、第二十七条)."""
    ids = {record["key"]: record["id"] for record in records}
    done: Counter[str] = Counter()
    for record in records:
        for key in record.get("guardians", []):
            born: date = validators.birth_date(record["id_number"])
            last = date(born.year + _OF_AGE, born.month, min(born.day, 28))
            done += _acting(
                ids[key],
                since=born,
                until=last,
                tie=Tie.GUARDIAN,
                basis=Basis.LAW,
                for_person_id=record["id"],
            )
    return done


def _acting(
    person: int,
    *,
    since: date,
    until: date | None = None,
    tie: Tie = Tie.STAFF,
    basis: Basis = Basis.ONLINE,
    **principal: int,
) -> Counter[str]:
    told = {"from_date": since, "until_date": until, "tie": tie, "basis": basis}
    _row, added = Acting.objects.get_or_create(person_id=person, **principal, defaults=told)
    return Counter(added=int(added))
