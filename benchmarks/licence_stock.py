"""A stock of id cards as a department exports it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from stdnum.cn import ric

FIRST = date(1950, 1, 1)
DAYS, PER_DAY = 20_000, 900


def write(path: Path, rows: int) -> Path:
    """A CSV with this many rows, every one of them good."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("证件号码", "持有人", "证照编号", "颁发日期", "有效期止", "民族", "户籍地址"))
        for place in range(rows):
            number = resident_id(place)
            out.writerow(
                (
                    number, f"张小明{place}", number, f"2019-{place % 12 + 1:02d}-{place % 28 + 1:02d}", "2039-05-06",
                    "汉族", f"湖北省咸宁市咸安区温泉街道万年路{place}号",
                )
            )  # fmt: skip
    return path


def resident_id(place: int) -> str:
    """The number of the person at a place, each another."""
    many, order = divmod(place, PER_DAY)
    stem = f"4223{1 + many // DAYS:02d}{FIRST + timedelta(days=many % DAYS):%Y%m%d}{order:03d}"
    return stem + ric.calc_check_digit(stem + "0")
