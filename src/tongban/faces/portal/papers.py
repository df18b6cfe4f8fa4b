"""What an applicant takes home on paper: the receipt of an application, the decision on one matter."""

from __future__ import annotations

import io
import logging
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.faces.portal import asking, things
from tongban.kernel import api as kernel
from tongban.kernel.pdf import render_for_seal, render_pdf
from tongban.kernel.qr import qr_code
from tongban.registers.archive.api import ArchiveError, completer
from tongban.registers.seals import api as seals
from tongban.web.formats import english, long_date, short_date
from tongban.web.site import site

logger = logging.getLogger(__name__)
UNDATED = "9999"
SHORT = 16
"""Signs of a ledger digest that are printed; enough to find the entry and to tell that it is this one."""


def receipt(found: things.Whole, *, address: str, at: datetime) -> bytes:
    """The receipt 回执 as PDF. The applicant's name is masked, as on every printed page.

    :param address: where the code leads: the page that tells how far the application is
    """
    row, own, unit = found.row, found.own, actors.unit(found.row.unit)
    facts = [
        (_("编号"), row.number),
        (_("申请人"), actors.party_name(row.applicant, masked=True)),
        (_("提交时间"), long_date(row.opened_at)),
        (_("收件单位"), things.unit_name(row.unit)),
        (_("咨询电话"), _phones(unit.phone)),
        (_("结果怎么给您"), str(own.get_delivery_display())),
    ]
    if own.promised_on:
        provisional = _("（暂定）") if found.notice.get("provisional") else ""
        facts.append((_("最晚办好"), long_date(own.promised_on) + provisional))
    following = asking.next_step(found, at=at)
    data = {
        **_sheet(_("受理回执"), row.number, row.ledger_head),
        "lead": found.title,
        "facts": facts,
        "code": _code(address),
        "code_words": _("查进度的二维码：%s") % row.number,
        "next": {"title": _("下一步"), "paragraphs": [following] if following else []},
        "table": {
            "title": _("交给了这些部门"),
            "head": [_("顺序"), _("事项"), _("承办单位"), _("时间")],
            "rows": _matters(found),
        },
        "sections": [
            {
                "title": _("收到的材料"),
                "paragraphs": [*filter(None, (found.counted,)), *_papers(found)],
            },
            {
                "title": _("查进度"),
                "paragraphs": [_("扫码或用编号在“查进度”里查，不用登录，要手机号或证件号后4位。")],
            },
        ],
    }  # fmt: skip
    return render_pdf("receipt", data, at=at)


def _phones(phone: str) -> str:
    hotline = site().hotline
    return _("%(phone)s，或打%(hotline)s") % {"phone": phone, "hotline": hotline} if phone else hotline


def _sheet(title: str, number: str, head: str) -> dict[str, Any]:
    """What every paper carries."""
    return {
        "title": title,
        "issuer": site().name_en if english() else site().name,
        "lang": (get_language() or "zh").partition("-")[0],
        "foot": _("%(number)s · 台账摘要 %(digest)s") % {"number": number, "digest": head[:SHORT]},
    }


def _code(address: str) -> str:
    drawn = io.BytesIO()
    qr_code(address).save(drawn, kind="svg", xmldecl=False, border=4, dark="#000", light="#fff")
    return drawn.getvalue().decode()


def _matters(found: things.Whole) -> list[list[str]]:
    """Order, matter, unit with its phone, and dates of every case, in the order in which they begin."""
    told = {one["code"]: one for one in found.notice.get("matters", ())}
    # Those that begin on one day stay as the desk listed them; undated ones come last.
    lines = sorted(found.cases, key=lambda one: told.get(one.row.subject, {}).get("starts_on", UNDATED))
    places = {one.row.subject: str(place) for place, one in enumerate(lines, start=1)}
    rows = []
    for one in lines:
        said = told.get(one.row.subject, {})
        after = [places[code] for code in said.get("after", ()) if code in places]
        order = places[one.row.subject]
        if after:
            order = _("%(order)s（%(after)s之后）") % {"order": order, "after": _("、").join(after)}
        rows.append([order, one.title, "\n".join(filter(None, (one.unit, one.phone))), _dates(said)])
    return rows


def _dates(said: dict[str, Any]) -> str:
    days = [short_date(date.fromisoformat(said[key])) for key in ("starts_on", "due_on") if said.get(key)]
    return _("%(first)s至%(last)s") % {"first": days[0], "last": days[1]} if len(days) == 2 else "—"


def _papers(found: things.Whole) -> list[str]:
    return [
        _("%(paper)s：%(how)s") % {"paper": line.name, "how": line.how}
        for line in things.papers(found.row.id, found.names)
    ]


def decision(found: things.Whole, line: things.CaseLine, *, at: datetime) -> bytes:
    """The decision on one matter as PDF with the unit's seal: what was decided, why, by which law, and what one may
    do about it.

    Reasons and remedies: 行政许可法 第三十八条; of an application that is not taken: 第三十二条; the seal: 第三十九条. It
    is sealed when it is first asked for, and kept. A unit that was merged seals by its successor. When nobody can seal,
    the letter says so.

    :param line: a case of `found` that is decided
    """
    try:
        return _sealed(found, line, at=at)
    except seals.SealsError as fault:
        logger.warning("decision of %s goes out without a seal: %s", line.row.number, fault)
        return render_pdf("decision", _letter(found, line, sealed=False), at=at)


def _sealed(found: things.Whole, line: things.CaseLine, *, at: datetime) -> bytes:
    """:raises seals.SealsError: nobody can seal it now"""
    unit = actors.live_unit(line.row.unit)
    lang = (get_language() or "zh").partition("-")[0]
    return seals.sealed_once(
        f"decision/{line.row.number}/{lang}/{line.row.ledger_head[:SHORT]}",
        unit=unit.id if unit else line.row.unit, reason=_titles()[line.row.state], at=at,
        render=lambda: _sealable(_letter(found, line, sealed=True), at),
    )  # fmt: skip


@completer("application")
def seal_decisions(row: kernel.DocketRow, at: datetime) -> None:
    """Every decision of an application as a sealed letter in Chinese, whether or not somebody took it home: a record
    is archived whole (档案法 第三十七条).

    :raises ArchiveError: one cannot be sealed now; the package waits for it
    """
    with override("zh-hans"):
        found = things.whole(row, actor=kernel.SYSTEM, at=at)
        for line in found.cases:
            if line.decided:
                try:
                    _sealed(found, line, at=at)
                except seals.SealsError as fault:
                    raise ArchiveError(_("决定书还不能盖章：%(why)s") % {"why": fault}) from fault


def _sealable(data: dict[str, Any], at: datetime) -> tuple[bytes, seals.Place]:
    pdf, place = render_for_seal("decision", data, at=at)
    return pdf, seals.Place(*place)


def _letter(found: things.Whole, line: things.CaseLine, *, sealed: bool) -> dict[str, Any]:
    """What the decision says."""
    said = line.decision
    facts = [
        (_("编号"), line.row.number),
        (_("申请编号"), found.row.number),
        (_("申请人"), actors.party_name(found.row.applicant)),
        (_("申请时间"), long_date(found.row.opened_at)),
        (_("承办单位"), line.unit),
        (_("结果"), line.state),
    ]
    facts += [(_("文号或证号"), said["document"])] if said.get("document") else []
    return {
        **_sheet(_titles()[line.row.state], line.row.number, line.row.ledger_head),
        "lead": line.title,
        "facts": facts,
        "sections": [
            {"title": title, "paragraphs": words}
            for title, words in _sections(found, line, sealed=sealed)
            if words
        ],
        "unit": line.unit,
        "day": long_date(line.row.closed_at, time=False),
    }


def _titles() -> dict[str, str]:
    return {"granted": _("批准决定"), "rejected": _("不予批准决定"), "refused": _("不予受理通知")}


def _sections(found: things.Whole, line: things.CaseLine, *, sealed: bool) -> list[tuple[str, list[str]]]:
    said, state = line.decision, line.row.state
    remedies = said.get("remedies", "")
    if state == "refused":
        remedies = remedies or _("不服的，可以在收到之日起60日内申请行政复议，或者6个月内提起行政诉讼。")
    contact = _("有疑问请打%(unit)s电话%(phone)s，或打%(hotline)s。") % {
        "unit": line.unit, "phone": line.phone or "—", "hotline": site().hotline,
    }  # fmt: skip
    parts = [
        (_("发给您的结果"), line.results),
        (_("附带条件"), [said.get("conditions", "")]),
        (_("理由"), [said.get("reason", "")]),
        (_("依据"), [said.get("law", "")]),
        (_("您可以"), [said.get("instead", "")]),
        (_("救济途径"), [remedies, *(found.remedies if state == "rejected" else ())]),
        (_("说明"), [contact, _force(sealed=sealed)]),
    ]
    return [(title, [one for one in words if one]) for title, words in parts]


def _force(*, sealed: bool) -> str:
    """What the letter's seal is worth: 国务院令第716号 第九条."""
    if sealed:
        return _(
            "本件加盖电子印章，与盖实物印章的纸质文书效力相同；盖章以后的任何改动都能查出来。打印件没有这个效力。"
        )
    return _("本件暂时没有加盖电子印章，供您留存；要盖章的原件请向承办单位领取。")
