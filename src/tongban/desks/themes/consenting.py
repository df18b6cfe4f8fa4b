"""Consents that a plan needs before somebody's data go to companies (个人信息保护法 第二十三条), asked for one by one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import get_language

from tongban.desks.themes.contracts import Plan
from tongban.kernel.contracts import Actor
from tongban.registers.identity.privacy import api as privacy


def asked_for(plan: Plan) -> list[privacy.Ask]:
    """What is asked before submitting this plan; nothing where only state organs see the data."""
    return privacy.needed({matter.slot.department for matter in plan.matters})


def shown(plan: Plan, given: Collection[str]) -> list[dict[str, object]]:
    """The consents of a plan in the reader's language, with what was said already."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return [
        {
            "key": one.key, "receiver": one.receiver[language], "what": one.what[language], "why": one.why[language],
            "without": one.without[language], "basis": one.basis, "given": one.key in given,
        }
        for one in asked_for(plan)
    ]  # fmt: skip


def unsaid(plan: Plan, given: Collection[str]) -> list[str]:
    """Keys of consents that are still missing."""
    return [one.key for one in asked_for(plan) if one.key not in given]


def without(plan: Plan, key: str) -> str:
    """What happens without a consent, and what is still possible (第十六条)."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return next((one.without[language] for one in asked_for(plan) if one.key == key), "")


def record(plan: Plan, *, applicant: str, number: str, actor: Actor, at: datetime) -> None:
    """Write down what was agreed to when this application was submitted."""
    keys = [one.key for one in asked_for(plan)]
    if keys:
        privacy.give(party=applicant, keys=keys, docket=number, actor=actor, at=at)
