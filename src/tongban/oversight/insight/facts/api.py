"""The door of facts."""

from tongban.oversight.insight.facts.contracts import CALLS, CLOCKS, MOVES, RECORDS, STOCKS, TABLES, Verdict
from tongban.oversight.insight.facts.hiding import hidden
from tongban.oversight.insight.facts.keeping import kept
from tongban.oversight.insight.facts.packing import files, pack
from tongban.oversight.insight.facts.services import collect, rebuild, verify
from tongban.oversight.insight.facts.storing import days_of, digest, file_of, folder, stamp

__all__ = [
    "CALLS",
    "CLOCKS",
    "MOVES",
    "RECORDS",
    "STOCKS",
    "TABLES",
    "Verdict",
    "collect",
    "days_of",
    "digest",
    "file_of",
    "files",
    "folder",
    "hidden",
    "kept",
    "pack",
    "rebuild",
    "stamp",
    "verify",
]
