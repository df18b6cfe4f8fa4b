"""Who answers for a register: plugins named in `settings.EXCHANGE_PROVIDERS`, by key of the register.

A city writes a class with `ask` (see `contracts.Provider`) and names it there:
``EXCHANGE_PROVIDERS = {"population": "city.police.Population"}``. Every other register is answered by the demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string
from ruamel.yaml import YAML

from tongban.registers.exchange.contracts import Asked, Held, Provider, RegisterDownError, Told

_HERE = "tongban.registers.exchange.providers"
DEMO = f"{_HERE}.Demo"


class Demo:
    """Answers from `packs/demo/shared.yaml`, for the people and companies of the demo city.

    A register named in the file `TONGBAN_DATA/exchange/down` (one key a line) is away: for trying that out.
    """

    def ask(self, register: str, asked: Asked, *, at: datetime) -> Told:  # noqa: ARG002  the protocol's
        if register in _switched_off():
            raise RegisterDownError(register)
        held = demo_facts().get(asked.about.number, {}).get(register)
        if held is None:
            return Told()
        as_of: date = held["as_of"]
        return Told(
            {key: Held(value, as_of) for key, value in held["facts"].items() if key in asked.elements},
            {key: Held(value, as_of) for key, value in held["papers"].items() if key in asked.papers},
        )


class FailingDemo:
    """A register that never answers: for trying what happens then."""

    def ask(self, register: str, asked: Asked, *, at: datetime) -> Told:
        raise RegisterDownError(
            f"the failing demo keeps {register} away at {at.isoformat()}: {asked.purpose}"
        )


def _switched_off() -> frozenset[str]:
    path: Path = settings.DATA / "exchange" / "down"
    try:
        return frozenset(path.read_text("utf-8").split())
    except OSError:
        return frozenset()


@cache
def demo_facts() -> Mapping[str, Mapping[str, Any]]:
    """By identity number or credit code and register: {as_of, facts, papers}."""
    folder: Path = settings.PACKS / "demo"
    city = YAML(typ="safe").load(folder / "people.yaml")
    numbers = {f"person:{one['key']}": one["id_number"] for one in city["people"]}
    numbers |= {f"organisation:{one['key']}": one["uscc"] for one in city["organisations"]}
    return {
        numbers[party]: {register: _block(block) for register, block in held.items()}
        for party, held in (YAML(typ="safe").load(folder / "shared.yaml") or {}).items()
    }


def _block(block: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "as_of": date.fromisoformat(str(block["as_of"])),
        "facts": {key: _plain(value) for key, value in block.get("facts", {}).items()},
        "papers": {key: str(value) for key, value in block.get("papers", {}).items()},
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@cache
def provider(register: str) -> Provider:
    """The plugin behind a register."""
    chosen: Mapping[str, str] = getattr(settings, "EXCHANGE_PROVIDERS", {})
    made: Provider = import_string(chosen.get(register, DEMO))()
    return made


def _forget(**kwargs: object) -> None:
    if kwargs.get("setting") in {"EXCHANGE_PROVIDERS", "PACKS"}:
        provider.cache_clear()
        demo_facts.cache_clear()


setting_changed.connect(_forget, dispatch_uid=_HERE)
