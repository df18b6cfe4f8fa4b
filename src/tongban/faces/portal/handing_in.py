"""Papers handed in after the submission: kept as they come, sent together with the move."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongban.desks.cases import api as cases
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.services import attach, clean_name, store

MOST_FILES = 20


@dataclass(slots=True)
class Basket:
    """Files of one person for one later delivery, by slot: (digest, name, size in bytes)."""

    owner: str
    number: str
    region: str
    files: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return f"supply:{self.number}"


def basket(*, owner: str, row: kernel.DocketRow) -> Basket:
    """What was already chosen for this docket."""
    found = Basket(owner, row.number, row.region)
    kept = cases.draft(owner=owner, subject=found.subject, region=row.region) or {}
    found.files = {slot: list(files) for slot, files in kept.get("files", {}).items()}
    return found


def put(found: Basket, request: HttpRequest, slots: list[str], *, at: datetime) -> None:
    """Take over what a form sent; refused files leave their words in `errors`, good ones are kept."""
    slot, _colon, digest = request.POST.get("remove", "").partition(":")
    if slot in found.files:
        found.files[slot] = [one for one in found.files[slot] if one["digest"] != digest]
    for name in slots:
        held = found.files.setdefault(name, [])
        for upload in request.FILES.getlist(name):
            label = clean_name(upload.name or "")
            if len(held) >= MOST_FILES:
                found.errors[name] = _("一份材料最多%d个文件，请合并后再传。") % MOST_FILES
                break
            try:
                stored = store(content=upload, name=label, at=at)
            except UploadError as error:
                found.errors[name] = _("%(name)s：%(reason)s") % {"name": label, "reason": error.message}
                continue
            if all(one["digest"] != stored.digest for one in held):
                held.append({"digest": stored.digest, "name": label, "size": stored.size})
    cases.save_draft(
        owner=found.owner, subject=found.subject, region=found.region, content={"files": found.files}, at=at
    )  # fmt: skip


def send(
    found: Basket,
    *,
    docket: int,
    move: str,
    application: int,
    text: str,
    actor: kernel.Actor,
    at: datetime,
    key: str,
) -> None:
    """Make the move and attach the files: both or neither.

    :raises kernel.MoveRefused: the move is not open; the files stay in the basket
    """
    digests = [one["digest"] for files in found.files.values() for one in files]
    with kernel.writing():
        # A supplement that is no paper of the plan has a slot of its own and no row to be met.
        keys = [slot for slot, files in found.files.items() if files]
        done = kernel.perform(
            docket, move, actor=actor, at=at, data={"materials": keys, "text": text}, key=key
        )  # fmt: skip
        if not done.replayed:
            stored = StoredFile.objects.in_bulk(digests)
            for slot, files in found.files.items():
                for one in files:
                    attach(
                        docket_id=application, slot=slot, file=stored[one["digest"]], name=one["name"],
                        by=actor.id, at=at,
                    )  # fmt: skip
    cases.drop_draft(owner=found.owner, subject=found.subject, region=found.region)
