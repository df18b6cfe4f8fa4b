"""`tongban translations build | check`."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.web import translations


class Command(BaseCommand):
    help = "Build the English catalogue from its parts, or say what it lacks."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["build", "check"])

    def handle(self, *args: object, **options: object) -> None:
        try:
            if options["action"] == "build":
                self.stdout.write(f"{translations.build()} entries")
            else:
                self._check()
        except ModuleNotFoundError as missing:
            raise CommandError(f"{missing.name} is needed: install the development packages.") from None

    def _check(self) -> None:
        lines = translations.check().lines
        for line in lines:
            self.stderr.write(line)
        if lines:
            sys.exit(1)
