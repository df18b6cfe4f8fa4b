"""`tongban docs build | check`: generated documents in docs/."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from tongban.web import documents


class Command(BaseCommand):
    help = "Write the documents that the code knows best, or say which are stale."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["build", "check"])
        parser.add_argument("--folder", type=Path, default=documents.docs_folder())

    def handle(self, *args: object, **options: object) -> None:
        folder = Path(str(options["folder"]))
        if options["action"] == "build":
            for name in documents.build(folder):
                self.stdout.write(name)
            return
        found = documents.stale(folder)
        for name in found:
            self.stderr.write(f"docs/{name} is stale: run `tongban docs build`")
        if found:
            sys.exit(1)
