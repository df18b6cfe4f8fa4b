"""A city's companies with what departments know of them: rows of actors, and a table as departments would report it."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.db import connection
from stdnum.cn import uscc

from tongban.actors.models import Organisation
from tongban.kernel import api as kernel
from tongban.kernel.rules.elements import Type
from tongban.registers.portraits import api
from tongban.registers.portraits.contracts import ElementInfo
from tongban.registers.portraits.models import Portrait

DAY = date(2026, 11, 20)
KNOWN = 0.35
"""Of the elements of companies, the share that is known of one on average: some forty."""


def credit_code(place: int) -> str:
    """The credit code of the company at a place, each another."""
    stem = f"91421202TB{place:07d}"
    return stem + uscc.calc_check_digit(stem)


def register(size: int) -> None:
    """So many companies."""
    columns = ("name", "name_en", "uscc", "address", "region", "phone", "type", "industry")
    rows = ((f"咸宁第{n}公司", "", credit_code(n), "", "421202000000", "", "", "") for n in range(size))
    with kernel.writing():
        kernel.bulk_rows(Organisation._meta.db_table, columns, list(rows))


def write(path: Path, size: int, *, seed: int = 7) -> Path:
    """A table of all of them: each element known of a share of its own, empty elsewhere."""
    chance = random.Random(seed)
    elements = list(api.elements("organisation").values())
    shares = {one.key: chance.uniform(0, 2 * KNOWN) for one in elements}
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["credit_code", "as_of", *(one.key for one in elements)])
        for place in range(size):
            day = DAY - timedelta(days=chance.randrange(60))
            cells = (_cell(one, chance) if chance.random() < shares[one.key] else "" for one in elements)
            out.writerow([credit_code(place), day.isoformat(), *cells])
    return path


def repeat(told: int, size: int) -> None:
    """Give the companies after the first `told` the files of those."""
    columns = [one.column for one in Portrait._meta.local_fields if one.column not in {"id", "party"}]
    copied = ", ".join(f'"{name}"' for name in columns)
    table = Portrait._meta.db_table
    with kernel.writing(), connection.cursor() as cursor:
        first = Organisation.objects.order_by("pk").values_list("pk", flat=True)[0]
        for start in range(told, size, told):
            cursor.execute(
                f"INSERT INTO {table} (party, {copied}) "
                f"SELECT 'organisation:' || (CAST(substr(party, 14) AS integer) + %s), {copied} FROM {table} "
                "WHERE CAST(substr(party, 14) AS integer) < %s",
                [start, first + min(told, size - start)],
            )


def _cell(info: ElementInfo, chance: random.Random) -> str:
    match info.type:
        case Type.BOOLEAN:
            return "是" if chance.random() < 0.1 else "否"
        case Type.MONEY:
            return f"{chance.lognormvariate(12, 1.6):.2f}"
        case Type.NUMBER:
            return str(int(chance.lognormvariate(2, 1.2)))
        case Type.DATE:
            return (DAY - timedelta(days=chance.randrange(6000))).isoformat()
        case Type.TEXT if info.words:
            return chance.choice(info.words)
        case _:
            return "、".join(_some(info, chance))


def _some(info: ElementInfo, chance: random.Random) -> Iterator[str]:
    words = info.words or tuple(f"证照{n:02d}" for n in range(30))
    yield from chance.sample(words, k=chance.randint(1, 3))
