"""`tongban archive make NUMBER [--out FILE] | verify FILE [--root PEM] | closed`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.kernel import api as kernel
from tongban.registers.archive import services
from tongban.registers.archive.contracts import ArchiveError, Verdict
from tongban.registers.archive.selectors import content
from tongban.registers.archive.verifying import verify
from tongban.registers.archive.words import words_of
from tongban.registers.seals import api as seals


class Command(BaseCommand):
    help = "电子归档 Make the package of a closed docket, or verify one with nothing but the package."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["make", "verify", "closed"])
        parser.add_argument("what", nargs="?", default="", help="number of a docket, or file of a package")
        parser.add_argument("--out", type=Path, default=None, help="make: also write the package here")
        parser.add_argument(
            "--again", action="store_true", help="make: another version although nothing changed"
        )
        parser.add_argument(
            "--root", type=Path, action="append", default=[], help="verify: a trusted root (PEM)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "closed":
            self.stdout.write(f"{services.archive_closed(at=timezone.now())} archived")
            return
        if not options["what"]:
            raise CommandError("name the docket's number, or the package's file")
        getattr(self, f"_{options['action']}")(str(options["what"]), options)

    def _make(self, number: str, options: dict[str, Any]) -> None:
        try:
            made = services.make(number, actor=kernel.SYSTEM, at=timezone.now(), again=options["again"])
        except (ArchiveError, kernel.NotFound) as fault:
            raise CommandError(str(fault)) from fault
        if options["out"]:
            target: Path = options["out"]
            target = target / f"{number}-v{made.version}.zip" if target.is_dir() else target
            target.write_bytes(content(made))
        self.stdout.write(
            f"{made.number} v{made.version}  {made.members} members  {made.size} bytes  SHA-256 {made.digest}"
        )

    def _verify(self, name: str, options: dict[str, Any]) -> None:
        try:
            roots = [seals.der(path.read_text(encoding="ascii")) for path in options["root"]]
            verdict = verify(Path(name), at=timezone.now(), roots=roots)
        except (OSError, ValueError) as fault:
            raise CommandError(f"cannot be read: {type(fault).__name__} {Path(name).name}") from fault
        for one in verdict.faults:
            self.stderr.write(words_of(one))
        if not verdict.ok:
            sys.exit(1)
        self._whole(verdict)

    def _whole(self, verdict: Verdict) -> None:
        self.stdout.write(
            f"{verdict.number} v{verdict.version}: whole; {verdict.members} members, {verdict.entries} ledger "
            f"entries; signed by {verdict.unit_name} ({verdict.unit}) at {verdict.signed_at}"
        )
        if not verdict.pinned:
            self.stdout.write(
                "Who signed it is only what the package says: name the city's roots with --root."
            )
