"""`tongban year replay --city xianning-2023 --scale 1.0 --seed 7`: a whole city's year, run through the real flows."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from tongban.year import reporting, services
from tongban.year.contracts import YearError
from tongban.year.driving.collecting import Beside
from tongban.year.models import Run


class Command(BaseCommand):
    help = (
        "推演一座城市的一年，并和公布的数字对照。Replay a city's year and compare it with what was published."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["replay", "status", "report"])
        parser.add_argument("--city", default="xianning-2023", help="a profile of packs/years")
        parser.add_argument(
            "--scale", type=float, default=1.0, help="share of the published volume, such as 0.01"
        )
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument(
            "--to-day", type=date.fromisoformat, default=None, help="let the year end on this day"
        )
        parser.add_argument(
            "--until", type=date.fromisoformat, default=None, help="stop after this day; go on later"
        )

        parser.add_argument(
            "--without-stocks", action="store_true", help="leave out the matters and themes that packs lack"
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            if action == "replay":
                self._replay(**options)
            elif action == "status":
                self._status()
            else:
                self._report()
        except YearError as error:
            raise CommandError(str(error)) from error

    def _replay(
        self,
        *,
        city: str,
        scale: float,
        seed: int,
        to_day: date | None,
        until: date | None,
        without_stocks: bool,
        **_o: Any,
    ) -> None:
        run = services.begin(city, scale=scale, seed=seed, last=to_day, stocks=not without_stocks)
        began, total = time.monotonic(), (run.last - run.first).days + 1
        made = [0, 0]
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
            TextColumn("{task.fields[told]}"),
        )  # fmt: skip
        with Progress(*columns, console=Console()) as bar:
            task = bar.add_task(city, total=total, completed=(run.day - run.first).days, told="")

            def told(day: date, tickets: int, moves: int) -> None:
                made[0] += tickets
                made[1] += moves
                pace = made[1] / (time.monotonic() - began)
                bar.update(task, advance=1, told=f"{day.isoformat()} {made[0]}单 tickets {pace:.0f}/s")

            with Beside() as collector:
                services.replay(run, told=told, until=until, collector=collector)
        spent = time.monotonic() - began
        self.stdout.write(f"{made[0]}单 tickets，{made[1]}步 moves，{spent:.1f} s")

    def _status(self) -> None:
        run = Run.objects.first()
        if run is None:
            self.stdout.write("还没有推演。No year has been begun.")
            return
        state = "已完成 finished" if run.finished else f"做到 at {run.day.isoformat()}"
        self.stdout.write(
            f"{run.city} ×{run.scale} seed {run.seed}: {run.first.isoformat()} – {run.last.isoformat()}, {state}"
        )

    def _report(self) -> None:
        lines = reporting.compare(reporting.finished_run())
        for text in reporting.table(lines):
            self.stdout.write(text)
        if apart := [one.key for one in lines if one.same is False]:
            raise CommandError("对不上 differ: " + ", ".join(apart))
