"""`tongban backup FILE.tar.gz | FOLDER`: while people work."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.kernel.backup import BackupError, backup


class Command(BaseCommand):
    help = "Take database, files and anchors into one archive; keys stay apart."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="a file ending in .tar.gz, or a folder")

    def handle(self, *args: object, **options: object) -> None:
        try:
            made = backup(Path(str(options["target"])), at=timezone.now())
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{made.path}: {made.size} bytes, {made.files} files, {made.anchors} anchors")
        self.stdout.write("Keys are not in it: keep TONGBAN_DATA/keys (or the environment's) elsewhere.")
