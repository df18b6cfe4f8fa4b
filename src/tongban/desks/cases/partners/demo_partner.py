"""The demo partner: takes packages into a folder, signs with keys of its own, and tells of them as time goes by.

Nothing personal is kept: only ids, mode and matter. A file whose name says 模糊 is sent back. A region named in
``TONGBAN_DATA/partners/down`` (one a line) is away: for trying that out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from tongban.desks.cases.partners.contracts import (
    NEWS,
    PACKAGE,
    Letter,
    Mode,
    PartnerDownError,
    PartnerInfo,
    Taken,
    Told,
)
from tongban.registers.seals import api as seals

PROGRESS, RESULT = timedelta(seconds=30), timedelta(seconds=60)
OLD = timedelta(days=1)
KEPT = timedelta(days=2)
"""How long a letter lies in the inbox; it may be asked about until then."""


def folder(region: str) -> Path:
    """Where the demo partner of a region keeps its root and its inbox."""
    path: Path = settings.DATA / "partners" / region
    return path


def signer(partner: PartnerInfo) -> seals.Outside:
    """Who signs there."""
    return seals.Outside(
        folder(partner.region) / "root", partner.name, f"{partner.region[:6]}-zwfw", partner.unit
    )


class Demo:
    """A place that takes everything that is well made and decides it in a minute."""

    def send(self, partner: PartnerInfo, letter: Letter) -> Taken:
        if partner.region in _switched_off():
            raise PartnerDownError(partner.region)
        payload = letter.statement["payload"]
        inbox = folder(partner.region) / "inbox"
        inbox.mkdir(parents=True, exist_ok=True)
        number = f"{partner.region[:4]}-{letter.id[-12:]}"
        path = inbox / f"{letter.id}.json"
        if not path.exists():
            path.write_text(
                json.dumps(_noted(payload, letter.statement["signed_at"], number)), encoding="utf-8"
            )
        return Taken(number if payload["type"] == PACKAGE else "")

    def collect(self, partner: PartnerInfo, *, at: datetime) -> list[Letter]:
        if partner.region in _switched_off():
            raise PartnerDownError(partner.region)
        inbox = folder(partner.region) / "inbox"
        noted = list(_kept(inbox, at))
        answered = {one["package"] for one in noted if one["told"] == Told.ANSWER.value}
        gone = {one["package"] for one in noted if one["told"] == Told.WITHDRAWN.value}
        found: list[Letter] = []
        for one in noted:
            taken_at = datetime.fromisoformat(one["at"])
            if one["type"] != PACKAGE or at - taken_at > OLD or one["package"] in gone:
                continue
            course = _course(one, taken_at, answered=one["package"] in answered)
            due = [(told, when) for told, when in course if when <= at]
            over = due[-1:] if due and due[-1][0] == Told.RESULT.value else []
            found += [_letter(partner, one, told, when) for told, when in over or due]
        return found + _replies(partner, noted, at)


def _kept(inbox: Path, at: datetime) -> Iterator[dict[str, Any]]:
    """What came of late; what is too old to be told of is put away."""
    for path in sorted(inbox.glob("*.json")):
        one: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if at - datetime.fromisoformat(one["at"]) > KEPT:
            path.unlink()
        else:
            yield one


def _replies(partner: PartnerInfo, noted: list[dict[str, Any]], at: datetime) -> list[Letter]:
    """What we asked there is found to be true after half a minute, unless it was recalled."""
    recalled = {one["answers"] for one in noted if one["told"] == Told.RECALLED.value}
    found = []
    for one in noted:
        when = datetime.fromisoformat(one["at"]) + PROGRESS
        asked = one["told"] == Told.ASKS.value and one["id"] not in recalled
        if asked and when <= at <= when + OLD:
            found.append(_letter(partner, one, Told.ANSWER.value, when))
    return found


def _switched_off() -> frozenset[str]:
    try:
        return frozenset((settings.DATA / "partners" / "down").read_text("utf-8").split())
    except OSError:
        return frozenset()


def _noted(payload: Any, at: str, number: str) -> dict[str, Any]:
    names = [file["name"] for paper in payload.get("materials", ()) for file in paper["files"]]
    return {
        "type": payload["type"], "id": payload["id"], "answers": payload.get("answers", ""), "package": payload.get("package") or payload["id"], "told": payload.get("told", ""),
        "at": at, "number": number, "mode": payload.get("mode", ""), "matter": payload.get("matter", {}),
        "blurred": [
            paper["name"] for paper in payload.get("materials", ()) if any("模糊" in file["name"] for file in paper["files"])
        ] if names else [],
    }  # fmt: skip


def _course(one: dict[str, Any], at: datetime, *, answered: bool) -> Iterator[tuple[str, datetime]]:
    """What happens to a package there, and when. Once it is decided only that is told: what came before says nothing more."""
    if one["blurred"]:
        yield Told.RETURNED.value, at
        return
    yield Told.ACKNOWLEDGED.value, at
    if one["mode"] == Mode.JOINT.value:
        yield Told.ASKS.value, at + PROGRESS
        if not answered:
            return
    else:
        yield Told.PROGRESS.value, at + PROGRESS
    yield Told.RESULT.value, at + RESULT


SAID = {
    Told.PROGRESS.value: "材料已经审核，正在作出决定。",
    Told.ASKS.value: "请协助核实申请人在贵地的登记情况。",
    Told.RETURNED.value: "照片看不清，请重新拍摄。",
    Told.ANSWER.value: "经核实，申请人在本地的登记情况属实。",
}


def _letter(partner: PartnerInfo, one: dict[str, Any], told: str, when: datetime) -> Letter:
    payload: dict[str, Any] = {
        "type": NEWS, "id": f"{one['package']}.{told}", "package": one["package"], "told": told,
        "from": {"region": partner.region, "unit": partner.unit}, "number": one["number"], "at": when.isoformat(),
        "said": SAID.get(told, ""), "papers": one["blurred"] if told == Told.RETURNED else [], "files": [],
    }  # fmt: skip
    if told == Told.ANSWER:
        payload["id"], payload["answers"] = f"{one['id']}.{told}", one["id"]
    if told == Told.ACKNOWLEDGED:
        payload["promised_on"] = (when + timedelta(days=7)).date().isoformat()
    if told == Told.RESULT:
        payload["outcome"] = "granted"
        payload["results"] = [
            {
                "matter": one["matter"].get("code", ""), "name": one["matter"].get("name", ""), "outcome": "granted",
                "document": f"{one['number']}号", "said": "符合条件，准予办理。",
            }
        ]  # fmt: skip
    statement = signer(partner).sign(payload, at=when)
    return Letter(payload["id"], told, statement, {})
