"""import-linter's contract of doors: a context is entered by api, contracts and events only."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class Doors(Contract):
    """No module of one context imports a module of another one but through a door.

    ``contexts``: the contexts; ``doors``: names of modules that are a door in every context; ``extra``: further
    doors, each with everything below it; ``free``: packages that may enter anywhere.
    """

    contexts = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())
    extra = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    free = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - import-linter's signature
        broken = sorted(self._broken(graph))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, line in check.metadata["broken"]:
            output.print_error(f"{importer}:{line} enters {imported} past its doors")

    def _broken(self, graph: ImportGraph):
        for importer in graph.modules:
            own = self._context(importer)
            if any(_within(importer, free) for free in self.free):
                continue
            for imported in graph.find_modules_directly_imported_by(importer):
                context = self._context(imported)
                if context and context != own and not self._is_door(imported, context):
                    details = graph.get_import_details(importer=importer, imported=imported)
                    yield importer, imported, details[0]["line_number"] if details else 0

    def _context(self, module: str) -> str:
        return next((context for context in self.contexts if _within(module, context)), "")

    def _is_door(self, module: str, context: str) -> bool:
        rest = module.removeprefix(context).lstrip(".")
        return rest in {"", *self.doors} or any(_within(module, door) for door in self.extra)


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
