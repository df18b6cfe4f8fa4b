"""Whether a letter from outside is what it says: whole, signed by a partner, meant for us, fresh, with its files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tongban.actors import api as actors
from tongban.desks.cases.partners import packing, register
from tongban.desks.cases.partners.contracts import (
    NEWS,
    PACKAGE,
    LetterRefused,
    Mode,
    PartnerInfo,
    Purpose,
    Told,
)
from tongban.desks.cases.partners.models import Heard
from tongban.kernel.prepared import Prepared
from tongban.registers.seals import api as seals

OLDEST = timedelta(days=7)
"""A letter signed longer ago is not taken for the first time; a queue that stood still so long signs anew."""
RESULTS = 50
Read = TypeVar("Read", bound="Part")


class Part(BaseModel):
    """Members that are unknown are refused: what is signed is what is understood."""

    model_config = ConfigDict(extra="forbid", str_max_length=4000)


class FileIn(Part):
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str = Field(max_length=200)
    size: int = Field(ge=0)
    media_type: str = Field(max_length=100)


class PaperIn(Part):
    key: str = Field(max_length=64)
    name: str = Field(max_length=200)
    way: str = Field(max_length=10)
    said: str = Field("", max_length=500)
    files: list[FileIn] = Field(max_length=20)


class From(Part):
    region: str = Field(pattern=r"^[0-9]{12}$")
    unit: str = Field(max_length=100)
    place: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    city: str = Field(max_length=12)


class To(Part):
    region: str = Field(pattern=r"^[0-9]{12}$")
    place: str = Field("", max_length=100)


class MatterIn(Part):
    code: str = Field(max_length=64)
    name: str = Field("", max_length=200)


class ApplicantIn(Part):
    kind: str = Field(pattern=r"^(person|organisation)$")
    name: str = Field(min_length=1, max_length=150, repr=False)
    number: str = Field(max_length=30, repr=False)
    phone: str = Field("", max_length=30, repr=False)
    address: str = Field("", max_length=300, repr=False)


class Consent(Part):
    text: str = Field(min_length=2, max_length=2000)
    at: datetime


class Package(Part):
    """The payload of a package, see README.md."""

    type: str = Field(pattern=f"^{PACKAGE}$")
    id: str = Field(pattern=r"^[\w.\-]{6,80}$")
    number: str = Field(max_length=80)
    replaces: str = Field("", max_length=80)
    sender: From = Field(alias="from")
    to: To
    mode: Mode
    matter: MatterIn
    situation: str = Field("", max_length=64)
    received_at: datetime
    packed_at: datetime
    applicant: ApplicantIn
    consent: Consent
    form: dict[str, str | bool | int | float | list[str] | None] = Field(max_length=300, repr=False)
    materials: list[PaperIn] = Field(max_length=60)
    delivery: str = Field("", max_length=16)


class Home(Part):
    region: str = Field(pattern=r"^[0-9]{12}$")
    unit: str = Field(max_length=100)
    city: str = Field("", max_length=12)


class News(Part):
    """The payload of news about a package, see README.md."""

    type: str = Field(pattern=f"^{NEWS}$")
    id: str = Field(pattern=r"^[\w.\-]{6,100}$")
    package: str = Field(max_length=80)
    told: Told
    sender: Home = Field(alias="from")
    number: str = Field("", max_length=80)
    at: datetime
    said: str = Field("", max_length=1000)
    papers: list[str] = Field(default_factory=list, max_length=30)
    promised_on: date | Literal[""] = ""
    purpose: Purpose | Literal[""] = ""
    reason: str = Field("", max_length=500)
    answer_by: date | Literal[""] = ""
    answers: str = Field("", max_length=100)
    outcome: str = Field("", max_length=20)
    results: list[dict[str, str]] = Field(default_factory=list, max_length=RESULTS)
    files: list[FileIn] = Field(default_factory=list, max_length=20)


def partner_of(statement: Mapping[str, Any]) -> PartnerInfo:
    """The partner from which a letter says to come; nothing is believed yet.

    A partner is a whole city: its counties name it in ``from.city``, and its certificates are the city's.

    :raises LetterRefused: not a statement, or no partner of ours
    """
    try:
        sender = statement["payload"]["from"]
        named = [str(sender[key]) for key in ("city", "region") if sender.get(key)]
    except (KeyError, TypeError, AttributeError) as error:
        raise unreadable() from error
    for region in named:
        if found := register.partner(region):
            return found
    raise LetterRefused(
        403, "unknown_partner", _("没有和“%s”的跨域通办协议。") % (named[0][:12] if named else ""),
        possible=_("请先与本市政务服务和大数据管理局签订协议，并交换根证书。"),
    )  # fmt: skip


def unreadable() -> LetterRefused:
    """For what is cut off or no statement at all."""
    return LetterRefused(
        400, "unreadable", _("数据包不完整，或不是签名的数据包。"),
        possible=_("请按接口文档重新打包，整包重发；没有收下任何内容。"),
    )  # fmt: skip


def authentic(statement: Mapping[str, Any], partner: PartnerInfo, *, at: datetime) -> None:
    """:raises LetterRefused: the signatures are not the partner's, or anything was changed since"""
    verdict = seals.check_statement(statement, trust=register.trust_of(partner), at=at)
    if not verdict.ok:
        found = "；".join(dict.fromkeys(seals.words_of(one) for one in verdict.findings if one.grave))
        raise LetterRefused(
            403, "forged", _("签名没有通过核验：%s") % (found or _("没有签名")),
            possible=_("请用交换过根证书的单位印章重新签名，整包重发；没有收下任何内容。"),
        )  # fmt: skip


def fresh(statement: Mapping[str, Any], *, at: datetime) -> None:
    """:raises LetterRefused: signed too long ago to be taken for the first time"""
    if at - datetime.fromisoformat(str(statement["signed_at"])) > OLDEST:
        raise LetterRefused(
            422, "stale", _("数据包是%d天以前签名的。") % OLDEST.days,
            possible=_("请重新签名后再发；没有收下任何内容。"),
        )  # fmt: skip


def package(payload: Mapping[str, Any]) -> Package:
    """:raises LetterRefused: members are missing, unknown or of another kind; names the first place"""
    return _read(Package, payload)


def news(payload: Mapping[str, Any]) -> News:
    """:raises LetterRefused: likewise"""
    return _read(News, payload)


def _read(kind: type[Read], payload: Mapping[str, Any]) -> Read:
    try:
        return kind.model_validate(dict(payload))
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])[:80]
        raise LetterRefused(
            422, "unreadable", _("数据包的“%s”缺少或不合规范。") % place,
            possible=_("请按接口文档改正后整包重发；没有收下任何内容。"),
        ) from error  # fmt: skip


def whole(payload: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Every file of the manifest is there, none besides, each with its digest.

    :raises LetterRefused: names the files that are missing, changed or not in the manifest
    """
    wanted = {file["digest"]: str(file["name"]) for file in packing.files_in(payload)}
    actual = {hashlib.sha256(content).hexdigest() for content in files.values()}
    wrong = [name for digest, name in wanted.items() if digest not in actual]
    extra = len(actual - set(wanted))
    if wrong or extra:
        words = (
            _("清单上的文件缺少或被改过：%s。") % "、".join(wrong)
            if wrong
            else _("有%d个文件不在清单上。") % extra
        )
        raise LetterRefused(422, "files", words, possible=_("请核对文件后整包重发；没有收下任何内容。"))


_TAKEN = Prepared(
    lambda partner, letter: Heard.objects.select_related("docket").filter(partner_id=partner, letter=letter)
)


def replayed(partner: PartnerInfo, letter: str, digest: str) -> Heard | None:
    """What was taken under this id before, if the same.

    :raises LetterRefused: the id was used with other content
    """
    first = _TAKEN.first(partner=partner.region, letter=letter)
    if first is not None and first.digest != digest:
        raise LetterRefused(
            409, "conflict", _("编号%s已用于另一份内容。") % letter,
            possible=_("改过的数据包要用新编号，并在replaces里写明替代哪一份。"),
        )  # fmt: skip
    return first


def our_place(region: str) -> str:
    """The division for which a package is meant. :raises LetterRefused: it is not ours"""
    if settings.ROOT_REGION not in actors.region_chain(region):
        raise LetterRefused(
            422, "wrong_place", _("“%s”不归本市办理。") % region, possible=_("请发给该地自己的平台。")
        )
    return region
