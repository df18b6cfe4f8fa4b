"""What goes into a package: who, what, from where, the consent, the form, and a manifest with the digest of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from tongban.actors import api as actors
from tongban.desks.cases.partners.contracts import NEWS, PACKAGE, Letter
from tongban.desks.cases.partners.models import Handover, Parcel
from tongban.kernel import api as kernel
from tongban.kernel.files.models import Attachment, StoredFile
from tongban.kernel.files.selectors import attachments, content_of
from tongban.kernel.files.services import detach, keep
from tongban.kernel.ledger.rules import canonical
from tongban.registers.licences import api as licences
from tongban.registers.seals import api as seals

PDF = "application/pdf"


def digest_of(payload: Mapping[str, Any]) -> str:
    """SHA-256 of what a letter says, whoever signed it when."""
    return hashlib.sha256(canonical(dict(payload)).encode()).hexdigest()


def content_digest(content: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def home_of(unit: str) -> dict[str, str]:
    """Who tells: a unit of ours, its division and the city that partners know."""
    found = actors.unit(unit)
    return {"region": found.region, "unit": found.name, "city": settings.ROOT_REGION}


def manifest_of(own: Handover) -> str:
    """SHA-256 over the digests of form and files: what the window checked, for the ledger."""
    files = sorted(one.file.digest for one in attachments(own.docket_id))
    return hashlib.sha256(
        "\n".join([hashlib.sha256(own.form.encode()).hexdigest(), *files]).encode()
    ).hexdigest()


def package_of(own: Handover, *, at: datetime) -> dict[str, Any]:
    """The payload of a package; sealed papers of licences that stand in for a paper go along."""
    docket, partner = own.docket, own.partner
    unit = actors.unit(docket.unit)
    return {
        "type": PACKAGE, "id": own.package, "number": docket.number,
        "replaces": _id(docket.number, own.generation - 1) if own.generation > 1 else "",
        "from": {
            "region": docket.region, "place": actors.region(docket.region).name, "unit": unit.name,
            "phone": unit.phone, "city": settings.ROOT_REGION,
        },
        "to": {"region": partner.region, "place": partner.name},
        "mode": own.mode, "matter": {"code": docket.subject, "name": own.matter_name}, "situation": own.situation,
        "received_at": own.received_at.isoformat(), "packed_at": at.isoformat(),
        "applicant": _applicant(docket.applicant),
        "consent": {"text": own.consent, "at": own.consented_at.isoformat()},
        "form": json.loads(own.form), "materials": _materials(own, at=at), "delivery": own.delivery,
    }  # fmt: skip


def _id(number: str, generation: int) -> str:
    return f"{number}.{generation}"


def package_id(own: Handover) -> str:
    """Of the present generation: the same until the applicant has mended something."""
    return _id(own.docket.number, own.generation)


def _applicant(party: str) -> dict[str, str]:
    facts = actors.party_facts(party)
    return {
        "kind": facts.kind, "name": facts.name, "number": facts.number, "phone": facts.phone,
        "address": facts.address,
    }  # fmt: skip


def _materials(own: Handover, *, at: datetime) -> list[dict[str, Any]]:
    slots: dict[str, list[dict[str, Any]]] = {}
    for one in attachments(own.docket_id):
        slots.setdefault(one.slot, []).append(_entry(one))
    made = []
    for paper in json.loads(own.materials):
        files = slots.get(paper["key"], [])
        if paper["evidence"] == "licence":
            files.append(_licence(paper["reference"], paper["name"], at=at))
        made.append(
            {
                "key": paper["key"],
                "name": paper["name"],
                "way": paper["way"],
                "said": paper["said"],
                "files": files,
            }
        )
    return made


def _licence(identifier: str, name: str, *, at: datetime) -> dict[str, Any]:
    """The sealed paper of an e-licence, which the other place verifies by itself."""
    kept = keep(content=licences.paper(identifier, at=at), media_type=PDF, at=at)
    name = name or licences.licence(identifier).kind_name[0]
    return {"digest": kept.digest, "name": f"{name}.pdf", "size": kept.size, "media_type": PDF}


def listed(docket: int, slot: str) -> list[dict[str, Any]]:
    """The files of one slot as a manifest names them."""
    return [_entry(one) for one in attachments(docket, slot=slot)]


def _entry(one: Attachment) -> dict[str, Any]:
    return {
        "digest": one.file.digest, "name": one.name, "size": one.file.size, "media_type": one.file.media_type,
    }  # fmt: skip


def files_in(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every file that a payload's manifest names; of one content one."""
    listed = [file for paper in payload.get("materials", ()) for file in paper["files"]]
    return list({file["digest"]: file for file in [*listed, *payload.get("files", ())]}.values())


def letter_of(parcel: Parcel, *, at: datetime) -> Letter:
    """The letter of a parcel with its files, signed on the first call and the same ever after.

    :raises seals.SealsError: the unit cannot seal
    :raises FileGoneError: a file is not in the storage
    """
    if not parcel.body:
        if parcel.kind == "package":
            own = Handover.objects.select_related("docket", "partner").get(docket_id=parcel.docket_id)
            payload = package_of(own, at=at)
        else:
            payload = json.loads(parcel.draft)
            payload["files"] += [_licence(one, "", at=at) for one in payload.pop("licences", ())]
        signed = seals.sign_statement(payload, unit=parcel.docket.unit, at=at)
        parcel.body, parcel.draft = json.dumps(signed, ensure_ascii=False), ""
        with kernel.writing():
            parcel.save(update_fields=["body", "draft"])
    statement = json.loads(parcel.body)
    wanted = [file["digest"] for file in files_in(statement["payload"])]
    kept = StoredFile.objects.in_bulk(wanted)
    contents = {digest: content_of(kept[digest]) for digest in wanted}
    return Letter(parcel.letter, parcel.kind, statement, contents)


def news(
    *, letter: str, package: str, told: str, home: Mapping[str, str], number: str, at: datetime, said: str = "",
    files: Iterable[Mapping[str, Any]] = (), **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """The payload of news about a package.

    :param home: region and unit of the place that tells
    """
    return {
        "type": NEWS, "id": letter, "package": package, "told": told, "from": dict(home), "number": number,
        "at": at.isoformat(), "said": said, "papers": [], "files": list(files), **more,
    }  # fmt: skip


def take_away(docket: int, slots: Collection[str], *, at: datetime) -> None:
    """The files of some papers are taken away; row and content stay for the ledger."""
    for one in attachments(docket):
        if one.slot in slots:
            detach(attachment=one, at=at)


def without_files(own: Handover) -> list[str]:
    """Names of papers that were to be uploaded and have no file."""
    there = {one.slot for one in attachments(own.docket_id)}
    papers = json.loads(own.materials)
    return [paper["name"] for paper in papers if paper["way"] == "upload" and paper["key"] not in there]
