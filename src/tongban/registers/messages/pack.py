"""Templates and rules read from `packs/messages`, checked once per process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from tongban.registers.messages.contracts import MessagesError
from tongban.registers.messages.rules import (
    LANGUAGES,
    ChannelRule,
    Quiet,
    Retry,
    ServiceRule,
    Template,
    Texts,
    words_of,
)


@dataclass(frozen=True, slots=True)
class Pack:
    templates: Mapping[str, Template]
    channels: Mapping[str, ChannelRule]
    service: Mapping[str, ServiceRule]
    retry: Retry


@cache
def pack() -> Pack:
    """The pack of this installation."""
    return read(settings.PACKS / "messages")


def read(folder: Path) -> Pack:
    """Read and check a folder.

    :raises MessagesError: names the file or template and what is wrong
    """
    rules = _yaml(folder / "rules.yaml")
    channels = {name: _channel(rule) for name, rule in rules["channels"].items()}
    service = {name: ServiceRule(**rule) for name, rule in rules["service"].items()}
    templates: dict[str, Template] = {}
    for path in sorted(folder.glob("*.yaml")):
        for record in _yaml(path) if path.name != "rules.yaml" else []:
            template = _template(record)
            if template.key in templates:
                raise MessagesError(f"{path.name}: {template.key} ×2")
            unknown = {*template.channels} - channels.keys() | ({template.service} - {""} - service.keys())
            if unknown:
                raise MessagesError(f"{path.name}: {template.key}: {', '.join(sorted(unknown))} ?")
            templates[template.key] = template
    return Pack(templates, channels, service, Retry(**rules["retry"]))


def _yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def _channel(rule: dict[str, Any]) -> ChannelRule:
    quiet = rule.get("quiet")
    hours = Quiet(time.fromisoformat(quiet["from"]), time.fromisoformat(quiet["until"])) if quiet else None
    return ChannelRule(consent=rule["consent"], quiet=hours)


def _template(record: dict[str, Any]) -> Template:
    key = record["key"]
    texts = {
        language: Texts(
            subject=record["subject"][language],
            body=record["body"][language],
            sms=record.get("sms", record["subject"])[language],
        )
        for language in LANGUAGES
    }
    for part in ("subject", "body", "sms"):
        asked = {words_of(getattr(text, part)) for text in texts.values()}
        if len(asked) > 1:
            raise MessagesError(f"{key}: {part}: zh ≠ en")
    return Template(
        key=key,
        texts=texts,
        channels=tuple(record["channels"]),
        urgent=bool(record.get("urgent")),
        service=record.get("service", ""),
    )
