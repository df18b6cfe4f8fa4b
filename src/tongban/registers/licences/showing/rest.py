"""`/api/v1/licences/…`: verify for everybody; read a code and look up licences for registered systems.

Numbers travel in bodies only, never in addresses: an address ends in logs.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from tongban.registers.identity.contracts import ActorRequest
from tongban.registers.identity.rest_auth import signed_in
from tongban.registers.licences import words
from tongban.registers.licences.contracts import (
    IdentifierError,
    LicenceInfo,
    LicencesError,
    UnknownLicenceError,
)
from tongban.registers.licences.paper import selectors as papers
from tongban.registers.licences.paper import verifying
from tongban.registers.licences.paper.contracts import FileVerdict, Verified
from tongban.registers.licences.paper.services import address_of
from tongban.registers.licences.paper.web.limits import RETRY_SECONDS, asked_too_often
from tongban.registers.licences.paper.words import SAID
from tongban.registers.licences.showing import clients
from tongban.registers.licences.showing.contracts import ClientError, QuotaError, ShowingError
from tongban.registers.licences.trades.selectors import standing_of
from tongban.web.problems import Refusal, explain

router = Router(tags=["licences"])


class Named(Schema):
    """A name in both languages."""

    zh: str
    en: str


class PartOut(Schema):
    kind: Named
    number: str
    unit_name: str
    standing: str
    verify: str


class VerifiedOut(Schema):
    """What anybody may know of a licence. `standing` is valid, expired, not_yet, suspended, revoked, replaced,
    cancelled or outdated; a person's name is masked.
    """

    standing: str
    standing_words: str
    kind: Named
    holder: str
    number: str
    identifier: str
    unit_name: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    signature: str
    verify: str
    parts: list[PartOut]
    at: datetime


class VerifiedList(Schema):
    items: list[VerifiedOut]


class NumberIn(Schema):
    """What is printed on the licence: its number, or its identifier by GB/T 36904."""

    number: str = Field(min_length=1, max_length=120)


class LicenceFileOut(Schema):
    """How a file compares. `code`: same, genuine and statement are good; changed, truncated, unsigned, forged, active,
    too_big, encrypted, no_licence, unknown are not. `licence` is what the store has for the licence that it names.
    """

    code: str
    good: bool
    told: str
    possible: str
    signer: str
    signed_at: datetime | None
    licence: VerifiedOut | None


class PresentIn(Schema):
    """A code that a holder shows, and what for."""

    code: str = Field(min_length=8, max_length=200, description="亮证码或香城码：8位数字，或二维码里的网址")
    purpose: str = Field(min_length=1, max_length=200)
    docket: str = Field("", max_length=40, description="案卷号或业务流水号")


class HeldIn(Schema):
    """Whose licences, of which kinds, and for which piece of business."""

    number: str = Field(min_length=15, max_length=18, description="公民身份号码或统一社会信用代码")
    kinds: list[Annotated[str, Field(max_length=60)]] = Field(min_length=1, max_length=20)
    purpose: str = Field(min_length=1, max_length=200)
    docket: str = Field("", max_length=40, description="案卷号或业务流水号")


class LicenceOut(Schema):
    identifier: str
    number: str
    kind: str
    kind_name: Named
    holder_name: str
    unit_name: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    standing: str
    fields: dict[str, Any]


class LicencesOut(Schema):
    items: list[LicenceOut]


class QuotaOut(Schema):
    """How often the calling system may still ask."""

    name: str
    purposes: list[str]
    kinds: list[str]
    left_this_minute: int
    left_today: int


# Errors ---------------------------------------------------------------------------------------------------


def _quota(error: QuotaError) -> Refusal:
    return Refusal(
        429, "quota", error.reason, possible=error.possible, headers={"Retry-After": str(error.retry_seconds)}
    )


explain(QuotaError, _quota)
explain(
    ClientError, lambda error: Refusal(403, f"client_{error.code}", error.reason, possible=error.possible)
)
explain(ShowingError, lambda error: Refusal(422, f"code_{error.code}", error.reason, possible=error.possible))
explain(IdentifierError, lambda error: Refusal(422, "identifier", error.reason, possible=error.possible))
explain(UnknownLicenceError, lambda error: Refusal(404, "no_licence", error.reason, possible=error.possible))
explain(LicencesError, lambda error: Refusal(409, "licence", error.reason, possible=error.possible))


def _busy() -> Refusal:
    return Refusal(
        429,
        "too_often",
        _("这个网络刚才查了很多次，请15分钟后再试。"),
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


# Everybody ------------------------------------------------------------------------------------------------


@router.post("/licences/verify", response=VerifiedList, auth=None, summary="按编号核验 · verify by number")
def verify(request: HttpRequest, asked: NumberIn) -> dict[str, Any]:
    """The licences of a printed number or of an identifier."""
    at = timezone.now()
    if asked_too_often(request, "number", at=at):
        raise _busy()
    found = papers.by_text(asked.number, at=at)
    if not found:
        raise UnknownLicenceError(_("本市证照库里没有这个编号。"), possible=_("请照证照上的写。"))
    return {"items": [_verified(one, at) for one in found]}


@router.post(
    "/licences/verify/file", response=LicenceFileOut, auth=None, summary="用文件核验 · verify a file"
)
def verify_file(
    request: HttpRequest, file: Annotated[UploadedFile, File(description="PDF or JSON, at most 5 MB")]
) -> dict[str, Any]:
    """How a PDF or a signed statement compares with what was issued; nothing of it is kept."""
    at = timezone.now()
    if asked_too_often(request, "file", at=at):
        raise _busy()
    return _compared(verifying.by_file(file.read(verifying.MOST_BYTES + 1), at=at), at)


@router.get("/licences/verify/{token}", response=VerifiedOut, auth=None, summary="扫码核验 · verify by code")
def verify_token(request: HttpRequest, token: str) -> dict[str, Any]:
    """What the code of a paper leads to."""
    at = timezone.now()
    found = papers.by_token(token, at=at)
    if found is None:
        if asked_too_often(request, "token", at=at):
            raise _busy()
        raise UnknownLicenceError(_("没有这个核验码。"), possible=_("请输入证照编号再核一次。"))
    return _verified(found, at)


def _verified(one: Verified, at: datetime) -> dict[str, Any]:
    return {
        "standing": one.standing, "standing_words": str(words.standing(one.standing).word), "kind": _named(one.kind_name),
        "holder": one.holder, "number": one.number, "identifier": one.identifier, "unit_name": one.unit_name,
        "issued_on": one.issued_on, "valid_from": one.valid_from, "valid_until": one.valid_until,
        "signature": one.signature, "verify": address_of(one.token), "at": at,
        "parts": [
            {
                "kind": _named(part.kind_name), "number": part.number, "unit_name": part.unit_name,
                "standing": part.standing, "verify": address_of(part.token),
            }
            for part in one.parts
        ],
    }  # fmt: skip


def _compared(verdict: FileVerdict, at: datetime) -> dict[str, Any]:
    said = SAID[verdict.code]
    return {
        "code": verdict.code, "good": verdict.good, "told": str(said.told), "possible": str(said.possible),
        "signer": verdict.signer if verdict.good else "", "signed_at": verdict.signed_at if verdict.good else None,
        "licence": _verified(verdict.found, at) if verdict.found else None,
    }  # fmt: skip


def _named(names: tuple[str, str]) -> dict[str, str]:
    return {"zh": names[0], "en": names[1]}


# Registered systems ---------------------------------------------------------------------------------------


@router.post("/licences/present", response=LicencesOut, auth=signed_in, summary="读亮证码 · read a code")
def present(request: HttpRequest, asked: PresentIn) -> dict[str, Any]:
    """What the holder of a code authorised, once. The holder sees the system, its purpose and the time."""
    actor, at = cast("ActorRequest", request).actor, timezone.now()
    found = clients.read_code(
        typed=asked.code, actor=actor, purpose=asked.purpose, docket=asked.docket, at=at
    )
    return {"items": [_out(one, at) for one in found.licences]}


@router.post(
    "/licences/held", response=LicencesOut, auth=signed_in, summary="查持有的证照 · licences of a holder"
)
def held(request: HttpRequest, asked: HeldIn) -> dict[str, Any]:
    """The valid licences of a person or an organisation, of the kinds that the system is registered for."""
    actor, at = cast("ActorRequest", request).actor, timezone.now()
    found = clients.held(
        number=asked.number,
        wanted=asked.kinds,
        actor=actor,
        purpose=asked.purpose,
        docket=asked.docket,
        at=at,
    )
    return {"items": [_out(one, at) for one in found]}


@router.get(
    "/licences/quota", response=QuotaOut, auth=signed_in, summary="剩余次数 · what is left of the quota"
)
def quota(request: HttpRequest) -> dict[str, Any]:
    """How often the system may still ask; asking this does not count."""
    actor, at = cast("ActorRequest", request).actor, timezone.now()
    one = clients.client_of(actor, at=at)
    minute, day = clients.left(actor, at=at)
    return {
        "name": one.name, "purposes": list(one.purposes), "kinds": list(one.kinds), "left_this_minute": minute,
        "left_today": day,
    }  # fmt: skip


def _out(one: LicenceInfo, at: datetime) -> dict[str, Any]:
    return {
        "identifier": one.identifier, "number": one.number, "kind": one.kind, "kind_name": _named(one.kind_name),
        "holder_name": one.holder_name, "unit_name": one.unit_name, "issued_on": one.issued_on,
        "valid_from": one.valid_from, "valid_until": one.valid_until,
        "standing": standing_of(one, on=timezone.localdate(at)), "fields": dict(one.fields),
    }  # fmt: skip
