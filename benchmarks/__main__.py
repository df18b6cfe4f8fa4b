"""`python -m benchmarks`: every figure of the README, each with its floor measured in the same run.

Each benchmarks/bench_*.py runs in a process and a database of its own, on every database that its
`ON` names; figures are CPU time unless they say otherwise, taken in interleaved rounds. The results are
kept as soon as a benchmark has ended, in benchmarks/results.md.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.postgres import Cluster

from benchmarks.figures import MARK, Figure, table

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.md"
LONGEST_SECONDS = 900


def main() -> int:
    """Measure; gives 1 when a figure is a defect or a benchmark failed."""
    asked = _arguments()
    names = [path.stem for path in sorted(FOLDER.glob("bench_*.py"))]
    wanted = [name for name in names if not asked.only or asked.only in name]
    whole = not (asked.only or asked.database)
    found: list[tuple[str, Figure]] = []
    failed = []
    with ExitStack() as stack:
        cluster: Cluster | None = None
        for name in wanted:
            made: list[tuple[str, Figure]] = []
            for database in _on(name):
                if asked.database and database.lower() != asked.database:
                    continue
                if database == "PostgreSQL" and cluster is None:
                    cluster = stack.enter_context(Cluster())
                print(f"… {name} on {database}", file=sys.stderr, flush=True)
                before = len(made)
                made += [(database, one) for one in _run(name, database, cluster, quick=asked.quick)]
                if len(made) == before and not _said(name, "MAY_BE_LEFT_OUT", otherwise=False):
                    failed.append(f"{name} on {database}")
            found += made
            if made and not asked.quick and not asked.database:
                _renew(name, made, among=names)
    print(table(found))
    for name in failed:
        print(f"no figure from {name}", file=sys.stderr)
    if whole and not asked.quick:
        print(f"all of them: {RESULTS.relative_to(FOLDER.parent)}", file=sys.stderr)
    return int(bool(failed) or any(one.verdict == "DEFECT" for _database, one in found))


def _renew(name: str, made: list[tuple[str, Figure]], *, among: list[str]) -> None:
    """Put one benchmark's table into the results; those of the others stay, each with the day of its own run."""
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    sections = {part.partition(" · ")[0]: part for part in old.split("\n## ")[1:]}
    today = datetime.now(tz=UTC).date().isoformat()
    sections[name] = f"{name} · {today}\n\n{_about(name)}\n\n{table(made)}\n"
    kept = [sections[one].rstrip() for one in among if one in sections]
    RESULTS.write_text("\n\n## ".join([_heading(), *kept]) + "\n", encoding="utf-8")


def _about(name: str) -> str:
    """The first paragraph of a benchmark's docstring."""
    text = ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))) or ""
    return text.partition("\n\n")[0].replace("\n", " ")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", default="", help="part of a benchmark's name")
    parser.add_argument("--database", default="", choices=("", "sqlite", "postgresql"))
    parser.add_argument("--quick", action="store_true", help="small sizes: to see that it runs")
    return parser.parse_args()


def _on(name: str) -> tuple[str, ...]:
    """The databases that a benchmark names."""
    return tuple(_said(name, "ON", ("SQLite",)))


def _said(name: str, constant: str, otherwise: Any) -> Any:
    """A constant of a benchmark, read without importing it."""
    for node in ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == constant:
            return ast.literal_eval(node.value)
    return otherwise


def _run(name: str, database: str, cluster: Cluster | None, *, quick: bool) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="tongban-bench-") as folder:
        environment = {**os.environ, "TONGBAN_DATA": folder}
        environment.pop("DATABASE_URL", None)
        if database == "PostgreSQL" and cluster is not None:
            cluster.create(name)
            environment |= {"DATABASE_URL": cluster.url(name), "TONGBAN_POSTGRES_PID": str(cluster.pid)}
        command = [sys.executable, "-m", "benchmarks.child", name, *(["--quick"] if quick else [])]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True, cwd=FOLDER.parent
        ) as child:
            for line in child.stdout or ():
                if line.startswith(MARK):
                    figure = Figure(**json.loads(line[len(MARK) :]))
                    print(f"  {figure.name}: {figure.value} {figure.ratio} {figure.verdict}", file=sys.stderr)
                    yield figure
                else:
                    print("  " + line, end="", file=sys.stderr)


def _heading() -> str:
    return (
        "# Measured by `make bench`\n\n"
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}. Times are CPU time of the "
        "process that does the work unless a row says otherwise; a ratio is the median over interleaved rounds. "
        "Absolute times depend on the machine, ratios much less."
    )


if __name__ == "__main__":
    sys.exit(main())
