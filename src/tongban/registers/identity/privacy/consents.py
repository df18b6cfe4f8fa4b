"""Consents: asked for where data leave the government on a basis that needs it, recorded, withdrawn.

A state organ that does its duty asks for none (个人信息保护法 第十三条（三）、第三十五条), but tells. Data that go to a company –
water, power, gas, cable – need the person's own separate consent (第二十三条). What is asked is data: packs/consents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from ruamel.yaml import YAML

from tongban.kernel import api as kernel
from tongban.registers.identity.privacy.contracts import Ask, Given, PrivacyRefused
from tongban.registers.identity.privacy.models import Consent


@cache
def asks() -> dict[str, Ask]:
    """Every consent of the packs by key."""
    found: dict[str, Ask] = {}
    for path in sorted((Path(settings.PACKS) / "consents").glob("*.yaml")):
        for record in YAML(typ="safe").load(path):
            both = {name: record[name] for name in ("receiver", "what", "why", "without")}
            made = Ask(
                key=record["key"], basis=record["basis"], departments=tuple(record["departments"]),
                contact=record.get("contact", ""), **both,
            )  # fmt: skip
            if made.key in found or any(set(words) != {"zh", "en"} for words in both.values()):
                raise ValueError(f"{path.name}: {made.key}")
            found[made.key] = made
    return found


def needed(departments: Collection[str]) -> list[Ask]:
    """What has to be asked before these departments get somebody's data."""
    return [one for one in asks().values() if not set(one.departments).isdisjoint(departments)]


def missing(departments: Collection[str], given: Collection[str]) -> list[Ask]:
    """Those of `needed` that were not said yes to."""
    return [one for one in needed(departments) if one.key not in given]


@kernel.writing()
def give(*, party: str, keys: Iterable[str], docket: str, actor: kernel.Actor, at: datetime) -> None:
    """Record consents with the words that were shown; the same again changes nothing."""
    for key in keys:
        ask = asks()[key]
        text = {
            "receiver": dict(ask.receiver), "what": dict(ask.what), "why": dict(ask.why), "basis": ask.basis,
            "contact": ask.contact,
        }  # fmt: skip
        _row, made = Consent.objects.get_or_create(
            party=party, key=key, docket=docket, defaults={"by": actor.id, "text": text, "given_at": at}
        )
        if made:
            kernel.record(
                stream=f"consent:{party}",
                act="consent-given",
                actor=actor,
                at=at,
                data={"key": key, "docket": docket},
            )


@kernel.writing()
def withdraw(*, consent: int, party: str, actor: kernel.Actor, at: datetime) -> None:
    """Withdraw a consent; what was done before stays lawful (第十五条).

    :raises PrivacyRefused: not this party's, or withdrawn already
    """
    row = Consent.objects.select_for_update().filter(pk=consent, party=party).first()
    if row is None or row.withdrawn_at is not None:
        raise PrivacyRefused(_("没有这项同意，或者已经撤回。"))
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    data = {"key": row.key, "docket": row.docket}
    kernel.record(stream=f"consent:{party}", act="consent-withdrawn", actor=actor, at=at, data=data)


def given_by(party: str) -> list[Given]:
    """Every consent of a party, newest first; one query."""
    return [
        Given(
            id=row.pk, key=row.key, receiver=row.text["receiver"], what=row.text["what"], why=row.text["why"],
            basis=row.text["basis"], docket=row.docket, given_at=row.given_at, withdrawn_at=row.withdrawn_at,
        )
        for row in Consent.objects.filter(party=party).order_by("-pk")
    ]  # fmt: skip


def stands(*, party: str, key: str, docket: str) -> bool:
    """Whether a consent was given for this docket and not withdrawn since."""
    return Consent.objects.filter(party=party, key=key, docket=docket, withdrawn_at__isnull=True).exists()
