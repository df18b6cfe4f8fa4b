"""Words of the tests of partners: places, a submission for them, letters from them."""

from __future__ import annotations

import copy
import hashlib
from typing import Any

from tests.desks.cases.town import CITIZEN, DISTRICT, HALL, MONDAY, WINDOW, case
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import api as partners
from tongban.desks.cases.partners import demo_partner
from tongban.desks.cases.partners.contracts import NEWS, PACKAGE
from tongban.kernel import api as kernel
from tongban.kernel.files.services import store

FAR, NEAR, HOME, MATTER = "420100000000", "430600000000", DISTRICT, "0103100200"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
    b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n101\n%%EOF\n"
)


def asked(matter=MATTER, *, file="平面图.pdf", **more) -> cases.Submission:
    """One matter with one paper handed in."""
    kept = store(content=PDF, name=file, at=MONDAY)
    fields = {
        "title": "食品经营许可", "subject": matter, "applicant": "person:1", "region": DISTRICT, "unit": HALL,
        "cases": (case(matter, "scjg", name="食品经营许可"),), "form": {"person.name": "张明远", "business.name": "小店"},
        "materials": (cases.MaterialGiven("plan", "平面图", "upload", (matter,), files=((kept.digest, file),)),),
        **more,
    }  # fmt: skip
    return cases.Submission(**fields)


def handed(to=FAR, at=MONDAY, **more) -> partners.Handed:
    return partners.hand_over(asked(**more), to=to, consented=True, actor=CITIZEN, at=at)


def packed(at=MONDAY, **more) -> partners.Handed:
    receipt = handed(at=at, **more)
    kernel.perform(receipt.docket, "pack", actor=WINDOW, at=at, data={"identity": "original"})
    return receipt


def state(docket: int) -> str:
    return kernel.docket_by_id(docket, actor=kernel.SYSTEM).state


def package(**changes: Any) -> dict[str, Any]:
    """The payload of a package as a window of 武汉 makes it."""
    payload = {
        "type": PACKAGE, "id": "WH-2026-000001.1", "number": "WH-2026-000001", "replaces": "",
        "from": {"region": FAR, "place": "武汉市", "unit": "武汉市跨域通办窗口", "phone": "", "city": FAR},
        "to": {"region": DISTRICT, "place": "咸安区"}, "mode": "relay", "matter": {"code": MATTER, "name": "食品经营许可"},
        "situation": "new", "received_at": MONDAY.isoformat(), "packed_at": MONDAY.isoformat(),
        "applicant": {"kind": "person", "name": "张明远", "number": "422301198803163153", "phone": "", "address": ""},
        "consent": {"text": "同意转交", "at": MONDAY.isoformat()},
        "form": {"business.name": "小店"}, "delivery": "electronic",
        "materials": [{"key": "plan", "name": "平面图", "way": "upload", "said": "", "files": [
            {"digest": hashlib.sha256(PDF).hexdigest(), "name": "平面图.pdf", "size": len(PDF), "media_type": "application/pdf"},
        ]}],
    }  # fmt: skip
    return {**copy.deepcopy(payload), **changes}


def news(told: str, *, package: str, id: str = "", **more: Any) -> dict[str, Any]:  # noqa: A002
    return {
        "type": NEWS, "id": id or f"{package}.{told}", "package": package, "told": told,
        "from": {"region": FAR, "unit": "武汉市跨域通办窗口"}, "number": "WH-77", "at": MONDAY.isoformat(), "said": "",
        "papers": [], "files": [], **more,
    }  # fmt: skip


def signed(payload: dict[str, Any], far: Any, *, at=MONDAY) -> dict[str, Any]:
    return demo_partner.signer(far).sign(payload, at=at)
