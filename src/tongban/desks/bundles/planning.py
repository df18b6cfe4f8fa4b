"""Answers → plan: the lawful services first, then what the market offers, each with how one does without it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.bundles import lawful, reading
from tongban.desks.bundles.contracts import Need, Plan, UnknownError, Words


def bundle_of(slug: str) -> reading.Bundle:
    """:raises UnknownError: no such bundle"""
    ready = reading.shelf().bundles.get(slug)
    if ready is None:
        raise UnknownError(_("没有这个一类事。"))
    return ready.bundle


def need_of(key: str) -> Need:
    """:raises UnknownError: no such service of the market"""
    found = reading.shelf().needs.get(key)
    if found is None:
        raise UnknownError(_("没有这项市场服务。"))
    return _need(*found)


def _need(bundle: str, line: reading.MarketLine) -> Need:
    return Need(
        line.key, bundle, Words(line.name, line.name_en), Words(line.says, line.says_en), Words(line.alone, line.alone_en),
        tuple(line.by),
    )  # fmt: skip


def plan(slug: str, given: Mapping[str, Any], *, region: str, day: date) -> Plan:
    """The plan for answers; answers that no question takes count as not given.

    :param region: division in which the lawful services are looked up, on `day`
    :raises UnknownError: no such bundle
    """
    bundle = bundle_of(slug)
    answers = reading.accepted(bundle, dict(given))
    lines, needs = reading.chosen(reading.shelf().bundles[slug], answers)
    return Plan(
        bundle=slug, answers=answers, lawful=lawful.found(lines, region=region, day=day),
        needs=tuple(_need(slug, line) for line in needs),
        open=tuple(question.key for question in bundle.questions if question.key not in answers),
    )  # fmt: skip
