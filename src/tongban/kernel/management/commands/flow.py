"""`tongban flow list | draw KIND [--svg] | snapshot | check | migrate`."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.kernel.flow import draw, versions
from tongban.kernel.flow.declaration import FlowError
from tongban.kernel.flow.registry import all_flows, flow_of


class Command(BaseCommand):
    help = "List, draw, check and migrate the flows of dockets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["list", "draw", "snapshot", "check", "migrate"])
        parser.add_argument("kind", nargs="?", default="")
        parser.add_argument("--svg", action="store_true", help="SVG instead of Mermaid")

    def handle(self, *args: object, **options: object) -> None:
        getattr(self, f"_{options['action']}")(str(options["kind"]), svg=bool(options["svg"]))

    def _list(self, _kind: str, *, svg: bool) -> None:
        for flow in all_flows():
            self.stdout.write(f"{flow.kind}\tv{flow.version}\t{flow.label}\t{len(flow.moves)} moves")

    def _draw(self, kind: str, *, svg: bool) -> None:
        try:
            flow = flow_of(kind)
        except FlowError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(draw.svg(flow) if svg else draw.mermaid(flow))

    def _snapshot(self, _kind: str, *, svg: bool) -> None:
        for flow in all_flows():
            self.stdout.write(str(versions.snapshot(flow).name))

    def _check(self, _kind: str, *, svg: bool) -> None:
        found = versions.problems()
        for problem in found:
            self.stderr.write(problem)
        if found:
            sys.exit(1)

    def _migrate(self, _kind: str, *, svg: bool) -> None:
        moved = versions.migrate(at=timezone.now())
        self.stdout.write(
            ", ".join(f"{kind}: {count}" for kind, count in moved.items()) or "nothing to migrate"
        )
