"""`tongban serve`: bring the platform up: database, static files, demo city, web and worker."""

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from granian import Granian
from granian.constants import Interfaces
from granian.errors import ConfigurationError

THREADS = 4
"""Requests that a process answers at once. More of them only take the interpreter from each other: eight let a call of the
hotline cost a tenth more CPU than four and the slowest twentieth wait twice as long (docs/performance.md)."""


class Command(BaseCommand):
    help = "Serve the platform; with --demo the demo city is loaded first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--address", default="127.0.0.1")
        parser.add_argument(
            "--workers", type=int, default=1, help="web processes; more than one needs PostgreSQL"
        )
        parser.add_argument("--no-worker", action="store_true", help="run `tongban worker` elsewhere instead")
        parser.add_argument("--demo", action="store_true", help="load the demo city, show its accounts")

    def handle(self, *args: object, **options: object) -> None:
        workers, port = int(str(options["workers"])), int(str(options["port"]))
        if workers > 1 and connection.vendor == "sqlite":
            raise CommandError(
                "SQLite is served by one process; set DATABASE_URL to PostgreSQL for more, or --workers 1."
            )
        settings.DATA.mkdir(parents=True, exist_ok=True)
        self._prepare(demo=bool(options["demo"]))
        os.environ["TONGBAN_WORKER"] = "0" if options["no_worker"] else "1"
        os.environ["TONGBAN_WARM"] = "1"
        self.stdout.write(self.style.SUCCESS(f"http://{options['address']}:{port}/"))
        self.stdout.flush()
        connection.close()
        try:
            Granian(
                "tongban.config.wsgi:application",
                address=str(options["address"]),
                port=port,
                interface=Interfaces.WSGI,
                workers=workers,
                blocking_threads=THREADS,
                log_enabled=False,
            ).serve()
        except ConfigurationError as error:
            raise CommandError(str(error)) from None

    def _prepare(self, *, demo: bool) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        source = Path(__file__).resolve().parents[3]
        self._once(
            "static",
            source / "web" / "static",
            lambda: call_command("collectstatic", verbosity=0, interactive=False),
        )
        if demo:
            self._once("demo", settings.PACKS, lambda: call_command("demo", "load"))
            call_command("demo", "accounts")

    def _once(self, name: str, folder: Path, work: object) -> None:
        """Do it when what it reads has changed since the last time, told by names, sizes and times."""
        digest = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                state = path.stat()
                digest.update(f"{path.relative_to(folder)} {state.st_size} {state.st_mtime_ns}\n".encode())
        stamp = settings.DATA / f"{name}.stamp"
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        if callable(work):
            work()
        stamp.write_text(digest.hexdigest())
