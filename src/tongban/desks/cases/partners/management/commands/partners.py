"""`tongban partners list | enter FILE | end REGION | send`: the register of partner places, and sending at once."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongban.desks.cases.partners import register, selectors, sending
from tongban.kernel import api as kernel


class Command(BaseCommand):
    help = "Partner places outside the city: list, enter from a YAML file, end, send what waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("list", help="every partner, and what waits for it")
        enter = what.add_parser(
            "enter", help="enter or change partners from a file as packs/demo/partners.yaml"
        )
        enter.add_argument("file", type=Path)
        end = what.add_parser("end", help="end the agreement with a partner")
        end.add_argument("region")
        what.add_parser("send", help="send what is due now")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["what"] == "list":
            for line in selectors.lines():
                one = line.partner
                self.stdout.write(f"{one.region} {one.name} {','.join(one.modes)} waiting {line.waiting}")
        elif options["what"] == "enter":
            self._enter(options["file"])
        elif options["what"] == "end":
            if not register.end(options["region"], actor=kernel.SYSTEM, at=at):
                raise CommandError(f"no partner {options['region']}; see: tongban partners list")
        else:
            self.stdout.write(f"sent {sending.send_due(at=at)}")

    def _enter(self, file: Path) -> None:
        try:
            for row in register.read(file):
                register.enter(row, actor=kernel.SYSTEM, at=timezone.now())
                self.stdout.write(f"entered {row.region} {row.name}")
        except (OSError, ValueError) as error:
            raise CommandError(f"{file}: {error}") from error
