"""`tongban hotline …`: one command; every room of the hotline brings its own acts.

A room (or the desk itself) has a module `commands.py` with `add(acts)`, which adds its acts and says what
each runs: `acts.add_parser("hotspots", help=…)` and `.set_defaults(run=FUNCTION)`. The function gets the
options as a mapping and writes lines to `out`; it raises `CommandError` in words that help.
"""

import pkgutil
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand

from tongban.desks import hotline

NOT_ROOMS = {"management", "migrations"}


class Command(BaseCommand):
    help = "12345 热线：热点、分类、训练、移交等"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="动作")
        for module in commands():
            module.add(acts)

    def handle(self, *args: Any, **options: Any) -> None:
        run: Callable[..., None] = options["run"]
        run(options, out=self.stdout)


def commands() -> Iterator[ModuleType]:
    """The modules `commands` of the desk and its rooms, by name."""
    rooms = {room.name for room in pkgutil.iter_modules(hotline.__path__) if room.ispkg} - NOT_ROOMS
    for name in (hotline.__name__, *(f"{hotline.__name__}.{room}" for room in sorted(rooms))):
        if find_spec(f"{name}.commands") is not None:
            yield import_module(f"{name}.commands")
