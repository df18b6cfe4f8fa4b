"""Visits at home in the export of one's own data, and when their time is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.desks.helping.models import Doorstep
from tongban.kernel.files.destroying import destroy_attachments
from tongban.registers.identity.privacy import api as privacy


def visits(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """Where somebody was to come, and why."""
    rows = Doorstep.objects.filter(docket__applicant=party).select_related("docket")
    records = [
        {
            "number": one.docket.number, "group": one.group, "wish": one.wish, "address": one.address, "phone": one.phone,
            "visit_at": one.visit_at, "served": one.served,
        }
        for one in rows
    ]  # fmt: skip
    yield privacy.Section("visits", {"zh": "上门帮办", "en": "Visits at home"}, records)


def destroy_visits(dockets: list[int], _at: datetime) -> int:
    """Address, phone, wish."""
    blank = Doorstep.objects.filter(pk__in=dockets).update(wish="", address="", phone="", bring="", served="")
    return blank + destroy_attachments(dockets)


privacy.register_source("7-visits", visits)
privacy.register_destroyer("doorstep", destroy_visits)
