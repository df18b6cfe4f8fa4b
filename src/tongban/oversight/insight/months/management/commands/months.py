"""`tongban months check | status`."""

import sys

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tongban.kernel.contracts import SYSTEM_ID
from tongban.oversight.insight.months import checking
from tongban.oversight.insight.months.models import Check, Edition


class Command(BaseCommand):
    help = (
        "Compare ledger and facts and mark the figures that rest on altered entries; say what was published."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["check", "status"])

    def handle(self, *args: object, **options: object) -> None:
        if options["action"] == "check":
            self._check()
            return
        for one in Edition.objects.order_by("month", "number"):
            self.stdout.write(
                f"{one.month:%Y-%m} edition {one.number} {one.at:%Y-%m-%d} {one.facts} facts {one.digest}"
            )

    def _check(self) -> None:
        now = timezone.now()
        found = checking.check(Check(asked_by=SYSTEM_ID, asked_at=now), at=now)
        self.stdout.write(f"{found.entries} entries of the ledger compared")
        for fault in found.faults:
            self.stderr.write(f"{fault['stream']}#{fault['sequence']}: {fault['says']}")
        for name, day in found.days:
            self.stderr.write(f"{name} {day}: not what the ledger says")
        for month, own in sorted(found.marks.items()):
            self.stderr.write(f"{month}: {', '.join(sorted(own))}")
        if found.faults or found.days:
            sys.exit(1)
