"""Somebody at every unit that work goes to, and somebody who asks: what the demonstration's city lacks is entered as any city's is."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from stdnum.cn import ric, uscc

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.year.driving.words import FIRST, SECOND
from tongban.year.planning.quotas import number_of

FIRST_ID: Final = 20_000
"""Above every officer of the pack."""
FIRST_PERSON: Final = 7_000_001
"""Above everybody of the pack; nobody's number begins like theirs."""
FAMILY: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭"
ISSUED_IN: Final = "422301"
"""The county that the city was when they were born (1984 to 1997)."""
FOUNDED: Final = "9142120"
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DELEGATED: Final = {"cgj": ("0104100100", "0104100200"), "scjg": ("0703100100",)}
"""Matters that a department lets officers of others decide."""
EVERY: Final = 5
"""One in so many has a company."""


def staffed(unit: str, *, at: datetime) -> str:
    """The officer who handles tickets at a unit: its handler, else its head; empty where there is neither."""
    for role in (Role.HANDLER, Role.HEAD):
        found = actors.officers_with(role=role.value, unit_id=unit, at=at)
        if found:
            return min(found)
    return ""


def wanting(units: Collection[str], roles: Sequence[str], *, at: datetime) -> dict[str, list[str]]:
    """Which of the roles nobody has, by unit; units that want for nobody are absent."""
    found = {
        unit: [role for role in roles if not actors.officers_with(role=role, unit_id=unit, at=at)]
        for unit in sorted(units)
    }
    return {unit: own for unit, own in found.items() if own}


def residents(count: int, places: Sequence[str], *, seed: int) -> list[dict[str, Any]]:
    """So many invented people of the places, as a file of people has them; the same for the same seed."""
    return [_resident(n, places[n % len(places)], number_of("resident", seed, n)) for n in range(count)]


def _resident(number: int, place: str, dice: int) -> dict[str, Any]:
    born = f"{1984 + dice % 14}{1 + (dice >> 8) % 12:02d}{1 + (dice >> 16) % 28:02d}"
    ours = f"{ISSUED_IN}{born}{number % 1000:03d}"
    name = (
        FAMILY[(dice >> 24) % len(FAMILY)]
        + FIRST[(dice >> 32) % len(FIRST)]
        + SECOND[(dice >> 40) % len(SECOND)]
    )
    return {
        "id": FIRST_PERSON + number, "key": f"resident-{number}", "name": name, "id_number": ours + ric.calc_check_digit(ours + "0"),
        "gender": "男" if number % 2 else "女", "nation": "汉族", "phone": f"137{dice % 10**8:08d}", "region": place,
        "address": f"{actors.region(place).name}{name[1:]}路{1 + dice % 300}号",
    }  # fmt: skip


def companies(people: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A company of every fifth of them."""
    return [_company(n, people[n]) for n in range(0, len(people), EVERY)]


def _company(number: int, head: Mapping[str, Any]) -> dict[str, Any]:
    body, left = "", number
    for _place in range(10):
        left, digit = divmod(left, len(ALPHABET))
        body = ALPHABET[digit] + body
    code = f"{FOUNDED}{body}"
    return {
        "id": head["id"], "key": f"company-{number}", "name": f"咸宁{head['name'][1:]}商贸{number + 1}号有限公司", "kind": "企业法人",
        "uscc": code + uscc.calc_check_digit(code + "0"), "region": head["region"], "address": head["address"],
        "phone": head["phone"], "legal_representative": head["key"],
    }  # fmt: skip


def enter(wanted: Mapping[str, Iterable[str]], people: Sequence[Mapping[str, Any]]) -> None:
    """Enter an officer, who is invented, for each role that a unit wants, and the people with their companies.

    :param wanted: roles by unit
    """
    if wanted or people:
        _load(
            {"officers": list(_officers(wanted))},
            {"people": list(people), "organisations": companies(people)},
        )


def _load(officers: Mapping[str, Any], city: Mapping[str, Any]) -> None:
    """As any city is entered; what is there and is not named stays."""
    with tempfile.TemporaryDirectory() as name:
        for file, content in (
            ("regions.yaml", []),
            ("units.yaml", []),
            ("officers.yaml", officers),
            ("people.yaml", city),
        ):
            with (Path(name) / file).open("w", encoding="utf-8") as out:
                YAML(typ="safe").dump(content, out)
        actors.load_city(folder=Path(name))


def delegate(count: int, *, folder: Path, at: datetime) -> int:
    """Let there be so many chief service officers from a day on; gives how many were made.

    Each is a clerk of the pack to whom another unit of the same place gives matters, as the pack's own one has it.
    """
    lacking = count - len(actors.chiefs(at=at))
    if lacking <= 0:
        return 0
    officers: dict[str, Any] = actors.read_pack(folder, "officers.yaml")
    day = actors.day_of(at)
    new: list[dict[str, Any]] = []
    for one in officers["officers"]:
        region, _dash, own = one["unit"].partition("-")
        giver = next((slug for slug in DELEGATED if slug != own), "")
        known = len(new) < lacking and Role.HANDLER.value in one["roles"] and len(region) == len("421200")
        if known and actors.live_unit(f"{region}-{giver}") is not None:
            new.append({
                "officer": one["username"], "on_behalf_of": f"{region}-{giver}", "matters": list(DELEGATED[giver]),
                "roles": [Role.HANDLER.value, Role.APPROVER.value], "valid_from": day,
                "valid_until": day.replace(day=1, year=day.year + 3), "document": f"政务授〔{day.year}〕{len(new) + 1}号（示例）",
            })  # fmt: skip
    named = {one["officer"] for one in new}
    clerks = [one for one in officers["officers"] if one["username"] in named]
    _load({"officers": clerks, "delegations": new}, {"people": [], "organisations": []})
    return len(new)


POSITIONS: Final = {
    Role.HANDLER.value: "承办员", Role.APPROVER.value: "分管负责人", Role.WINDOW.value: "综合窗口受理员",
}  # fmt: skip


def _officers(wanted: Mapping[str, Iterable[str]]) -> Iterable[dict[str, Any]]:
    """Their numbers follow from their unit and role, so that the same are entered again."""
    for unit, roles in sorted(wanted.items()):
        for role in roles:
            title = POSITIONS[role]
            yield {
                "id": FIRST_ID + number_of("officer", unit, role) % 10**8, "username": f"{role}-{unit}",
                "name": f"{actors.unit_name(unit_id=unit)}{title}", "unit": unit, "position": title, "roles": [role],
            }  # fmt: skip
