"""With a city's year in place: the first view of pages, the annual report, the size of the database.

It asks the year that `make year` left in data/xianning-2023 (another folder: TONGBAN_YEAR_DATA) and is left out where there is none.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import figures as say

ON = ("SQLite",)
MAY_BE_LEFT_OUT = True
CITY: Final = "xianning-2023"
MOST_MS, REPORT_MS = 300, 20_000


def figures(*, quick: bool) -> Iterator[say.Figure]:
    folder = Path(os.environ.get("TONGBAN_YEAR_DATA", f"data/{CITY}")).resolve()
    if not (folder / "tongban.sqlite3").exists():
        print(f"no year in {folder}: make year")
        return
    env = {**os.environ, "TONGBAN_DATA": str(folder)}
    env.pop("DATABASE_URL", None)
    told = [json.loads(line) for line in _run(env, "-m", "benchmarks.after_year").splitlines()]
    wrong = [one for one in told if one["status"] != 200]
    slowest = sorted(told, key=lambda one: -one["first"])
    yield say.below(
        "the slowest first view of a page with a year in place (wall)", slowest[0]["first"], most_ms=MOST_MS,
        note=f"{len(told)} pages, median {median(one['first'] for one in told) * 1e3:.0f} ms; {', '.join(map(_said, slowest[:5]))}",
    )  # fmt: skip
    if wrong:
        yield say.Figure(
            "pages that answer", measured=len(wrong), aim=0, value=str([one["page"] for one in wrong])
        )
    if not quick:
        yield from _report(env)
    size = sum(path.stat().st_size for path in folder.glob("tongban.sqlite3*"))
    yield say.Figure("database of a year", f"{size / 1e9:.2f} GB")


def _said(one: dict[str, Any]) -> str:
    return f"{one['page']} {one['first'] * 1e3:.0f} ms, again {one['again'] * 1e3:.0f}"


def _report(env: dict[str, str]) -> Iterator[say.Figure]:
    with tempfile.TemporaryDirectory() as out:
        began = time.perf_counter()
        _run(
            env,
            "-c",
            "from tongban.config.cli import main; main()",
            "report",
            "annual",
            "--city",
            CITY,
            "--out",
            out,
        )
        took = time.perf_counter() - began
        made = ", ".join(sorted(path.suffix[1:].upper() for path in Path(out).iterdir()))
    yield say.below("annual report, from the command's start (wall)", took, most_ms=REPORT_MS, note=made)


def _run(env: dict[str, str], *command: str) -> str:
    done = subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout
