"""`tongban demo load`: the demo city, its accounts and whatever the desks add. Again changes nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.actors.api import LoadError
from tongban.kernel.outbox.relay import relay
from tongban.registers.identity import selectors
from tongban.registers.identity.contracts import demo_steps


class Command(BaseCommand):
    help = "装入演示城市 Load the demo city; a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["load", "accounts"])
        parser.add_argument("--folder", type=Path, default=settings.PACKS / "demo")
        parser.add_argument("--only", default="", help="names of steps, comma-separated")

    def handle(self, *args: Any, action: str, folder: Path, only: str, **options: Any) -> None:
        if action == "load":
            self._load(folder, {name for name in only.split(",") if name})
        else:
            self._accounts()

    def _load(self, folder: Path, only: set[str]) -> None:
        if unknown := only - {step.name for step in demo_steps()}:
            raise CommandError(f"没有这些步骤 no such steps: {', '.join(sorted(unknown))}")
        for step in demo_steps():
            if only and step.name not in only:
                continue
            began = time.monotonic()
            try:
                done = step.loader(folder, timezone.now())
            except LoadError as error:
                raise CommandError(str(error)) from error
            told = (
                ", ".join(f"{word} {number}" for word, number in done.items() if number) or "unchanged 无变化"
            )
            self.stdout.write(f"{step.name}: {told} ({time.monotonic() - began:.1f} s)")
        if not only:
            self._deliver()

    def _deliver(self) -> None:
        """What the loading announced arrives before anybody comes, so that the first visitor's news waits for none of it."""
        began, delivered = time.monotonic(), 0
        while found := relay(at=timezone.now()):
            delivered += found
        if delivered:
            self.stdout.write(f"news: delivered {delivered} ({time.monotonic() - began:.1f} s)")

    def _accounts(self) -> None:
        for one in selectors.demo_accounts():
            self.stdout.write(f"{one.username:16} {one.purpose} / {one.purpose_en}")
