"""Hands the policies benchmark to OpenFisca in a virtual environment of its own, and takes the time."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks import companies
from tongban.kernel.rules.columns.column import days
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.elements import Type

PINNED = "openfisca-core==46.0.1"


def conditions(population: Population, written: list[tuple[str, Any]]) -> dict[str, float] | None:
    """Seconds for the conditions, and how many pairs are entitled; None where OpenFisca cannot be installed."""
    with TemporaryDirectory(prefix="tongban-openfisca-") as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        made = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", PINNED], check=False, capture_output=True
        )
        if made.returncode:
            print(f"{PINNED} cannot be installed: no row beside it", file=sys.stderr)
            return None
        np.savez(folder / "columns.npz", **_columns(population))
        rules = [(_name(key), _numbered(rule, population)) for key, rule in written]
        (folder / "measures.json").write_text(json.dumps(rules), encoding="utf-8")
        peer = Path(__file__).with_name("openfisca_peer.py")
        told = subprocess.run([python, peer, folder], check=True, capture_output=True, text=True)
        answer: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
        return answer


def _name(key: str) -> str:
    """A key as the name of a variable."""
    return key.replace("-", "_").replace(".", "_")


def _columns(population: Population) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, column in population.columns.items():
        if column.kind is Type.TEXTS:
            found |= {
                f"{_name(key)}_{number}": column.having(word) for number, word in enumerate(column.words)
            }
        elif column.kind is Type.MONEY or column.scale:
            found[_name(key)] = column.data / 10**column.scale
        else:
            found[_name(key)] = column.data
    return found


def _numbered(rule: Any, population: Population, beside: str = "") -> Any:
    """The rule with texts as the numbers of their column, amounts in fen, days since 1970."""
    if isinstance(rule, str) and beside:
        return population.columns[beside].numbers[rule]
    if isinstance(rule, list):
        return [_numbered(part, population, beside) for part in rule]
    if not isinstance(rule, dict):
        return rule
    [(name, arguments)] = rule.items()
    match name, arguments:
        case "var", _:
            return {"var": _name(arguments)}
        case "yuan", _:
            return round(float(arguments) * 100)
        case "decimal", _:
            return float(arguments)
        case "today", _:
            return days(companies.AS_OF)
        case "date", _:
            return days(companies.AS_OF.fromisoformat(arguments))
        case "in", [str() as word, {"var": key}]:
            return {"var": f"{_name(key)}_{population.columns[key].numbers[word]}"}
        case (("in" | "==" | "!="), [{"var": key}, _]) if population.columns[key].kind is Type.TEXT:
            return {name: _numbered(arguments, population, key)}
        case "divide", _:
            return {name: [*_numbered(arguments[:2], population), *arguments[2:]]}
    return {name: _numbered(arguments, population)}
