"""`tongban ledger seal [--folder F] | verify [--anchor FILE] [--key HEX] | key`."""

import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.kernel.ledger import services


class Command(BaseCommand):
    help = "Seal the ledger with a signed anchor, or verify it against one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["seal", "verify", "key"])
        parser.add_argument("--folder", type=Path, default=None, help="where anchors go")
        parser.add_argument("--anchor", type=Path, default=None, help="an anchor file")
        parser.add_argument("--key", default="", help="trusted public key in hex")

    def handle(self, *args: object, **options: object) -> None:
        action = options["action"]
        if action == "key":
            self.stdout.write(services.public_key())
        elif action == "seal":
            folder = options["folder"] or settings.DATA / "anchors"
            now = timezone.now()
            # Transactions still open now may carry an earlier recorded_at: leave them a minute.
            path = services.seal(until=now - timedelta(minutes=1), at=now, folder=Path(str(folder)))
            self.stdout.write(str(path))
        else:
            self._verify(options["anchor"], str(options["key"]))

    def _verify(self, anchor: object, key: str) -> None:
        path = anchor if isinstance(anchor, Path) else None
        if path is not None and not path.exists():
            raise CommandError(f"{path.name}: no such file")
        verdict = services.verify(anchor=path, at=timezone.now(), trusted_key=key)
        self.stdout.write(
            f"{verdict.entries} entries in {verdict.streams} streams; erased by law: {verdict.erased}; "
            f"not anchored yet: {verdict.not_anchored}"
            + (f"; anchored until {verdict.anchored_until}" if path else "; no anchor given")
        )
        for fault in verdict.faults:
            self.stderr.write(fault)
        if verdict.faults:
            sys.exit(1)
