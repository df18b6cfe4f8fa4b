"""`tongban restore FILE [--replace]`: bring a backup back and verify its ledger. Stop the platform first."""

import sys
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.kernel.backup import BackupError, other_keys, restore
from tongban.kernel.ledger.services import newest_anchor, verify


class Command(BaseCommand):
    help = "Restore a backup into the configured database and data folder, migrate and verify it."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="overwrite what is there")

    def handle(self, *args: object, **options: object) -> None:
        try:
            manifest = restore(Path(str(options["file"])), replace=bool(options["replace"]))
        except BackupError as error:
            raise CommandError(str(error)) from None
        call_command("migrate", verbosity=0, interactive=False)
        for name in other_keys(manifest):
            self.stderr.write(f"The {name} key is not the one of the backup: bring back TONGBAN_DATA/keys.")
        verdict = verify(anchor=newest_anchor(), at=timezone.now())
        for fault in verdict.faults:
            self.stderr.write(fault)
        self.stdout.write(
            f"restored what stood at {manifest['made_at']}: {verdict.entries} ledger entries in "
            f"{verdict.streams} streams verified, {len(verdict.faults)} faults"
        )
        if verdict.faults:
            sys.exit(1)
