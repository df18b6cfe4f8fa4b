"""Hand-overs in the export of one's own data, and when their time is over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from tongban.desks.cases.partners.models import Handover, Inquiry, Parcel
from tongban.kernel.files.destroying import destroy_attachments
from tongban.registers.identity.privacy import api as privacy


def handovers(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """What was handed over to another place, to whom, and the consent to it."""
    rows = Handover.objects.filter(docket__applicant=party).select_related("docket", "partner")
    records = [
        {
            "number": one.docket.number, "matter": one.matter_name, "place": one.partner.name, "unit": one.partner.unit,
            "form": json.loads(one.form or "{}"), "materials": json.loads(one.materials or "[]"),
            "consent": one.consent, "consented_at": one.consented_at, "result": json.loads(one.result or "{}"),
        }
        for one in rows
    ]  # fmt: skip
    yield privacy.Section("handovers", {"zh": "跨域移交", "en": "Hand-overs to other places"}, records)


def inquiries(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """What the place that received an application was asked, and what it answered."""
    rows = Inquiry.objects.filter(docket__applicant=party).select_related("docket", "partner")
    records = [
        {
            "number": one.docket.number, "place": one.partner.name, "purpose": str(one.get_purpose_display()),
            "question": one.question, "reason": one.reason, "asked_at": one.asked_at, "answer": one.answer,
            "answered_by": one.answered_by, "answered_at": one.answered_at,
        }
        for one in rows
    ]  # fmt: skip
    yield privacy.Section("inquiries", {"zh": "协查函", "en": "Inquiries to the receiving place"}, records)


def destroy(dockets: list[int], _at: datetime) -> int:
    """Form, papers, words of the other place, and the letters that were sent."""
    blank = Handover.objects.filter(pk__in=dockets).update(
        form="", materials="[]", delivery_to="", returned="", asked="", asked_why="", result=""
    )
    blank += Inquiry.objects.filter(pk__in=dockets).update(question="", reason="", answer="", refused="")
    blank += Parcel.objects.filter(docket_id__in=dockets).update(draft="", body="")
    return blank + destroy_attachments(dockets)


privacy.register_source("8-handovers", handovers)
privacy.register_source("8-inquiries", inquiries)
privacy.register_destroyer("handover", destroy)
privacy.register_destroyer("inquiry", destroy)
