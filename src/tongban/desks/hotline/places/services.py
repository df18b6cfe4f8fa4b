"""Making and retiring places."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline.places.access import desk_for, divisions
from tongban.desks.hotline.places.contracts import PlacesRefused, PlaceView
from tongban.desks.hotline.places.models import Place
from tongban.desks.hotline.places.selectors import view_of
from tongban.desks.hotline.rules import cleaned, has_words
from tongban.kernel import api as kernel

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No I, O, 0, 1: a code is also read aloud."""
SIGNS = 8
NAME, WHERE = 60, 200


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to make a code for; coordinates both or none."""

    name: str
    where: str
    region: str
    latitude: float | None = None
    longitude: float | None = None


def make(new: NewPlace, *, actor: kernel.Actor, at: datetime) -> PlaceView:
    """Make a code for a place; one transaction.

    :raises PlacesRefused: what is wrong, by field
    """
    name, where = (" ".join(cleaned(text).split()) for text in (new.name, new.where))
    fields: dict[str, str] = {}
    for key, text, most in (("name", name, NAME), ("where", where, WHERE)):
        if not has_words(text):
            fields[key] = _("请写清楚是哪里。")
        elif len(text) > most:
            fields[key] = _("最多%d字。") % most
    if not actors.region_chain(new.region):
        fields["region"] = _("没有这个地区。")
    desk = desk_for(actor, new.region)
    if "region" not in fields and not desk:
        fields["region"] = _("这个地区不归您所在的热线管，请选本地区的。")
    if (new.latitude is None) != (new.longitude is None):
        fields["latitude"] = _("经度和纬度要一起给。")
    elif new.latitude is not None and not (-90 <= new.latitude <= 90 and -180 <= (new.longitude or 0) <= 180):
        fields["latitude"] = _("经纬度超出范围。")
    if fields:
        raise PlacesRefused(_("还有%d处要改。") % len(fields), fields=fields)
    with kernel.writing():
        made = Place.objects.create(
            code=_code(), name=name, where=where, region=new.region, latitude=new.latitude, longitude=new.longitude,
            unit=desk, made_at=at, made_by=actor.id,
        )  # fmt: skip
        said = {"name": name, "where": where, "region": new.region}
        kernel.record(stream=f"place:{made.code}", act="make", data=said, actor=actor, at=at)
    return view_of(made)


def _code() -> str:
    while True:
        found = "".join(secrets.choice(ALPHABET) for _sign in range(SIGNS))
        if not Place.objects.filter(code=found).exists():
            return found


def retire(code: str, *, actor: kernel.Actor, at: datetime) -> PlaceView:
    """Retire a code; again it changes nothing. Its sheet may hang on: the page behind it says so.

    :raises kernel.NotFound: none of that code in the own divisions
    """
    with kernel.writing():
        found = Place.objects.filter(code=code.upper(), region__in=sorted(divisions(actor))).first()
        if found is None:
            raise kernel.NotFound("no_place", _("没有这个点位，或者不在本单位的地区。"))
        if found.retired_at is None:
            found.retired_at, found.retired_by = at, actor.id
            found.save(update_fields=["retired_at", "retired_by"])
            kernel.record(stream=f"place:{found.code}", act="retire", data={}, actor=actor, at=at)
    return view_of(found)
