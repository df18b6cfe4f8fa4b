"""`tongban facts collect | rebuild | verify | digest`."""

import sys

from django.core.management.base import BaseCommand, CommandParser

from tongban.oversight.insight.facts import services, storing


class Command(BaseCommand):
    help = "Facts for counting: collect what waits, rebuild all from the ledger, verify them against it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["collect", "rebuild", "verify", "digest"])

    def handle(self, *args: object, **options: object) -> None:
        match options["action"]:
            case "collect":
                self.stdout.write(f"{services.collect()} entries became facts")
            case "rebuild":
                self.stdout.write(f"{services.rebuild()} rows written from the ledger")
            case "digest":
                self.stdout.write(storing.digest(storing.folder()))
            case _:
                self._verify()

    def _verify(self) -> None:
        verdict = services.verify()
        self.stdout.write(f"{verdict.rows} rows; the ledger says {verdict.ledger_rows}")
        for table, day in verdict.days:
            self.stderr.write(f"{table} {day.isoformat()}: not what the ledger says; tongban facts rebuild")
        if not verdict.same:
            sys.exit(1)
