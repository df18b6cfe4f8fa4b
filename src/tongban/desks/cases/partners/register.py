"""The register of partner places: read, entered from a file, ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from tongban.desks.cases.partners.contracts import EVERY, Mode, PartnerInfo
from tongban.desks.cases.partners.models import Partner
from tongban.kernel import api as kernel
from tongban.kernel.prepared import Prepared
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import MatterSpec
from tongban.registers.seals import api as seals

SENDER = "partner:"
"""What the id of a partner in the ledger begins with."""
PROVINCE = 2
"""Digits of a division code that name the province."""


class PartnerRow(BaseModel):
    """One partner as a file has it. `roots` holds both root certificates as PEM."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    region: str = Field(pattern=r"^[0-9]{12}$")
    name: str = Field(min_length=2, max_length=60)
    name_en: str = Field("", max_length=80)
    unit: str = Field(min_length=2, max_length=100)
    phone: str = Field("", max_length=30)
    modes: list[Mode] = Field(min_length=1)
    matters: list[str] = Field(min_length=1)
    site: str = Field("", max_length=200, pattern=r"^(https?://.*)?$")
    plugin: str = Field("tongban.desks.cases.partners.plugins.Http", max_length=200)
    address: str = Field("", max_length=200)
    seconds: int = Field(10, ge=1, le=120)
    roots: str = ""
    revoked: dict[str, datetime] = Field(default_factory=dict)


def read(path: Path) -> list[PartnerRow]:
    """The partners of a file. :raises ValueError: something in it is wrong; says what"""
    return [PartnerRow.model_validate(one) for one in YAML(typ="safe").load(path) or []]


def enter(row: PartnerRow, *, actor: kernel.Actor, at: datetime) -> None:
    """Enter a partner, or what has changed of it.

    :raises ValueError: its certificates are none, or there is no such plugin
    """
    _pems(row.roots)
    try:
        import_string(row.plugin)
    except ImportError as error:
        raise ValueError(f"no plugin {row.plugin}") from error
    told = row.model_dump(mode="json", exclude={"region", "modes", "matters", "revoked"})
    with kernel.writing():
        Partner.objects.update_or_create(
            region=row.region,
            defaults={
                **told, "modes": json.dumps([mode.value for mode in row.modes]), "matters": json.dumps(row.matters),
                "revoked": json.dumps({key: one.isoformat() for key, one in row.revoked.items()}), "ended_at": None,
            },
        )  # fmt: skip
        kernel.record(
            stream=f"partner:{row.region}", act="partner.entered", actor=actor, at=at,
            data={"modes": [mode.value for mode in row.modes], "matters": row.matters, "plugin": row.plugin},
        )  # fmt: skip


def end(region: str, *, actor: kernel.Actor, at: datetime) -> bool:
    """End the agreement with a partner: nothing new goes there or is taken from there. False: there is none."""
    with kernel.writing():
        ended = bool(Partner.objects.filter(region=region, ended_at=None).update(ended_at=at))
        if ended:
            kernel.record(stream=f"partner:{region}", act="partner.ended", actor=actor, at=at, data={})
    return ended


def _pems(text: str) -> tuple[bytes, ...]:
    mark = "-----END CERTIFICATE-----"
    found = tuple(seals.der(one + mark) for one in text.split(mark)[:-1])
    if not found:
        raise ValueError("no root certificate in PEM")
    return found


def trust_of(partner: PartnerInfo) -> seals.Trust:
    """What signatures of a partner are judged by."""
    revoked = {key: datetime.fromisoformat(one) for key, one in partner.revoked.items()}
    return seals.Trust(_pems(partner.roots), revoked)


def info(row: Partner) -> PartnerInfo:
    """A partner as others see it."""
    return PartnerInfo(
        region=row.region, name=row.name, name_en=row.name_en, unit=row.unit, phone=row.phone,
        modes=tuple(json.loads(row.modes)), matters=frozenset(json.loads(row.matters)), site=row.site,
        plugin=row.plugin, address=row.address, seconds=row.seconds, roots=row.roots,
        revoked=json.loads(row.revoked),
    )  # fmt: skip


def partners() -> list[PartnerInfo]:
    """Every partner with which an agreement is in force, by region; one query."""
    return [info(row) for row in Partner.objects.filter(ended_at=None).order_by("region")]


def partner(region: str) -> PartnerInfo | None:
    """The partner of a region, while its agreement is in force."""
    row = _IN_FORCE.first(region=region)
    return info(row) if row else None


_IN_FORCE = Prepared(lambda region: Partner.objects.filter(region=region, ended_at=None))


def offered(matter: str, region: str) -> list[PartnerInfo]:
    """Partners that decide a matter which may be handed in here 跨省、跨市通办; one query at most two.

    :param region: where it would be handed in
    """
    spec = catalogue.matters([matter], region).get(matter) if matter else None
    if spec is None or not spec.lists.cross_region:
        return []
    return [one for one in partners() if agreed(spec, one)]


def agreed(spec: MatterSpec, other: PartnerInfo) -> bool:
    """Whether a matter is handled across these two places: on the list that reaches so far, and agreed with the partner.

    A partner of the same province needs 跨市; one of another province 跨省.
    """
    near = other.region[:PROVINCE] == settings.ROOT_REGION[:PROVINCE]
    reach = {"全国", "跨省", "跨市"} if near else {"全国", "跨省"}
    return not spec.partner and bool(reach & set(spec.lists.cross_region)) and other.does(spec.code)


def names(regions: Mapping[str, Any] | set[str]) -> dict[str, PartnerInfo]:
    """Partners by region, also those that have ended; one query."""
    return {row.region: info(row) for row in Partner.objects.filter(region__in=list(regions))}


def sender_name(actor: str) -> str:
    """Name of a partner that acted, in the reader's language, by its id in the ledger ``partner:REGION``; else empty."""
    if not actor.startswith(SENDER):
        return ""
    row = Partner.objects.filter(region=actor.removeprefix(SENDER)).first()
    return info(row).text(get_language() or "") if row else actor.removeprefix(SENDER)


def matters_of(found: PartnerInfo) -> str:
    """Codes in words for a list; empty for every listed matter."""
    return "" if EVERY in found.matters else "、".join(sorted(found.matters))
