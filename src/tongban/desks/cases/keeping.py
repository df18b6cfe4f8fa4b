"""Applications in the export of one's own data, drafts in an erasure, contents when their time is over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongban.desks.cases.models import Application, Case, Draft, Material, Survey, Undertaking
from tongban.kernel.files.destroying import destroy_attachments
from tongban.kernel.files.models import Attachment
from tongban.kernel.privacy import EncryptedTextField
from tongban.registers.identity.privacy import api as privacy

MOST = 1000


def applications(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """Everything that somebody applied for: the form, the papers, the decisions."""
    rows = Application.objects.filter(docket__applicant=party).select_related("docket").order_by("-pk")[:MOST]
    yield privacy.Section(
        "applications", {"zh": "办过的事", "en": "Applications"}, [_application(row) for row in rows]
    )
    drafts = Draft.objects.filter(owner=party)
    yield privacy.Section(
        "drafts", {"zh": "没交的草稿", "en": "Drafts"},
        [{"subject": one.subject, "region": one.region, "content": json.loads(one.content or "{}")} for one in drafts],
    )  # fmt: skip


def _application(row: Application) -> dict[str, Any]:
    papers = list(Material.objects.filter(application=row).values("name", "way", "due_on", "met_at"))
    files = list(
        Attachment.objects.filter(docket_id=row.pk, removed_at=None).values("name", "slot", "added_at")
    )
    decided = [
        {"matter": one.docket.title, "state": one.docket.state, "decision": json.loads(one.decision or "{}")}
        for one in Case.objects.filter(application=row).select_related("docket")
    ]
    return {
        "number": row.docket.number, "title": row.docket.title, "opened_at": row.docket.opened_at,
        "closed_at": row.docket.closed_at, "outcome": row.docket.outcome, "agent": row.docket.agent,
        "form": json.loads(row.form or "{}"), "answers": json.loads(row.answers or "{}"),
        "delivery_to": json.loads(row.delivery_to or "{}"), "papers": papers, "files": files, "cases": decided,
    }  # fmt: skip


def erase_drafts(party: str, _at: datetime) -> int:
    """What was begun and never submitted, in one's own name or by others for one."""
    own = Draft.objects.filter(owner=party) | Draft.objects.filter(owner__endswith=f"/{party}")
    own |= Draft.objects.filter(owner__startswith=f"{party}/")
    deleted, _per_table = own.delete()
    return deleted


def destroy_applications(dockets: list[int], _at: datetime) -> int:
    """Forms, addresses, what papers said, and every file of the applications."""
    return (
        _blank(Application.objects.filter(pk__in=dockets), answers="{}", notice="{}", tracking="")
        + _blank(Material.objects.filter(application_id__in=dockets))
        + destroy_attachments(dockets)
    )


def destroy_cases(dockets: list[int], _at: datetime) -> int:
    """Opinions, what was missing, the words of decisions; that and when they were made stays in the ledger."""
    return _blank(
        Case.objects.filter(pk__in=dockets), opinion="", missing="[]", decision="{}"
    ) + destroy_attachments(dockets)


def destroy_surveys(dockets: list[int], _at: datetime) -> int:
    """Places and findings."""
    return _blank(Survey.objects.filter(pk__in=dockets), findings="") + destroy_attachments(dockets)


def destroy_undertakings(dockets: list[int], _at: datetime) -> int:
    """The promised words."""
    return _blank(Undertaking.objects.filter(pk__in=dockets), text="") + destroy_attachments(dockets)


def _blank(rows: QuerySet[Any], **more: str) -> int:
    """Empty every encrypted column, and the ones named."""
    columns = [one.name for one in rows.model._meta.local_fields if isinstance(one, EncryptedTextField)]
    values = dict.fromkeys(columns, "") | more
    return rows.update(**values) if values else 0


privacy.register_source("4-applications", applications)
privacy.register_eraser("drafts", erase_drafts)
privacy.register_destroyer("application", destroy_applications)
privacy.register_destroyer("case", destroy_cases)
privacy.register_destroyer("survey", destroy_surveys)
privacy.register_destroyer("undertaking", destroy_undertakings)
