"""What a program sends, read and checked: from form fields to a message of the hotline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from tongban.faces.open311 import offered
from tongban.faces.open311.contracts import Attribute, Narrowed, Refused, Service
from tongban.kernel import api as kernel

_ZONE: Final = ZoneInfo("Asia/Shanghai")
MOST_DAYS: Final = 90
MOST_ROWS: Final = 1000
MOST_PAGES: Final = 10
MOST_DESCRIPTION: Final = 4000
MOST_VALUE: Final = 500
_EMAIL: Final = re.compile(r"^[^@\s]{1,64}@[^@\s]{1,120}\.[^@\s.]{2,}$")
_ATTRIBUTE: Final = re.compile(r"^attribute\[([^\[\]]{1,60})\](\[\])?$")
_NUMBER: Final = re.compile(r"^-?\d{1,12}(\.\d{1,6})?$")
STATUSES: Final = ("open", "closed")


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """A request that may be sent on. The repr tells the service only."""

    service: Service
    description: str
    address: str
    address_id: str
    point: tuple[float, float] | None
    name: str
    phone: str
    answers: tuple[tuple[Attribute, str], ...]
    media_url: str
    files: tuple[tuple[str, Any], ...]
    public: bool

    def __repr__(self) -> str:
        return f"Request({self.service.code})"


def jurisdiction(given: str) -> None:
    """:raises Refused: 404, another city's"""
    if given and given not in {settings.ROOT_REGION, settings.ROOT_REGION[:6]}:
        raise Refused(404, _("jurisdiction_id不是本市的。这里是%s，也可以不写。") % settings.ROOT_REGION)


def request_of(form: QueryDict, files: MultiValueDict[str, UploadedFile[Any]]) -> Request:
    """A request from the form fields of the specification; all that is wrong is told at once.

    :raises Refused: 400 with every reason, 404 for an unknown service
    """
    code = form.get("service_code", "").strip()
    if not code:
        raise Refused(400, _("没有给service_code。可以用的见 services。"))
    service, wrong = offered.service(code), list[str]()
    description = form.get("description", "").strip()
    if len(description) > MOST_DESCRIPTION:
        wrong.append(
            _("description最多%(most)d字，现在有%(n)d字。")
            % {"most": MOST_DESCRIPTION, "n": len(description)}
        )
    address, address_id = form.get("address_string", "").strip(), form.get("address_id", "").strip()
    point = _point(form, wrong)
    if not (address or address_id or point):
        wrong.append(_("请给地点：lat和long，或者address_string，或者address_id。"))
    answers = _answers(service, form, wrong)
    if not description and not any(value for one, value in answers if one.code != offered.PUBLISH):
        wrong.append(_("请在description里写清楚是什么事。"))
    name = _name(form, wrong)
    media = form.get("media_url", "").strip()
    if media and (len(media) > MOST_VALUE or not re.match(r"^https?://[^\s<>\"]+$", media)):
        wrong.append(_("media_url要是http或https开头的网址，最多%d字。") % MOST_VALUE)
    if wrong:
        raise Refused(400, " ".join(wrong))
    return Request(
        service=service, description=description, address=address, address_id=address_id, point=point, name=name,
        phone=form.get("phone", "").strip(), answers=answers, media_url=media,
        files=tuple((one.name or "media", one) for one in files.getlist("media")),
        public=any(one.code == offered.PUBLISH and value == "yes" for one, value in answers),
    )  # fmt: skip


def _point(form: QueryDict, wrong: list[str]) -> tuple[float, float] | None:
    given = form.get("lat", "").strip(), form.get("long", "").strip()
    if not any(given):
        return None
    try:
        latitude, longitude = float(given[0]), float(given[1])
    except ValueError:
        wrong.append(_("lat和long要一起给，都是WGS 84的度数，如29.8413、114.3225。"))
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # also false for what is no number
        wrong.append(_("lat或long超出范围。"))
        return None
    return latitude, longitude


def _name(form: QueryDict, wrong: list[str]) -> str:
    """The name as the ticket keeps it, encrypted; an e-mail address behind it, for there is no other field for it."""
    first, last = form.get("first_name", "").strip(), form.get("last_name", "").strip()
    # In Chinese the family name comes first; programs send it as last_name.
    together = f"{last}{first}" if not (first + last).isascii() else f"{first} {last}".strip()
    email = form.get("email", "").strip()
    if email and not _EMAIL.match(email):
        wrong.append(_("email写得不对。"))
    told = f"{together} {email}".strip()
    if len(told) > 60:
        wrong.append(_("first_name、last_name和email一共最多60字。"))
    return told


# Attributes -----------------------------------------------------------------------------------


def _answers(service: Service, form: QueryDict, wrong: list[str]) -> tuple[tuple[Attribute, str], ...]:
    given: dict[str, list[str]] = {}
    for field in form:
        match = _ATTRIBUTE.match(field)
        if match:
            given.setdefault(match[1], []).extend(one.strip() for one in form.getlist(field) if one.strip())
    known = {one.code: one for one in service.attributes}
    strange = [code for code in given if code not in known]
    if strange:
        wrong.append(_("这个服务没有这些属性：%(strange)s。可以填：%(known)s。") % {
            "strange": "、".join(strange[:5]), "known": "、".join(known),
        })  # fmt: skip
    found = []
    for one in service.attributes:
        values = given.get(one.code, [])
        if not values and one.required:
            wrong.append(_("请填attribute[%(code)s]：%(ask)s") % {"code": one.code, "ask": _choices(one)})
        elif values and (said := _said(one, values, wrong)):
            found.append((one, said))
    return tuple(found)


def _choices(one: Attribute) -> str:
    return offered.in_words(one.ask) + ("（" + "、".join(one.values) + "）" if one.values else "")


def _said(one: Attribute, values: Sequence[str], wrong: list[str]) -> str:
    """What was answered, in words for the officer; for `publish` the key. Empty when it is told as wrong."""
    if fault := _fault(one, values):
        wrong.append(f"attribute[{one.code}]: {fault}")
        return ""
    if one.code == offered.PUBLISH:
        return values[0]
    return "、".join(one.values[value][0] if one.values else value for value in values)


def _fault(one: Attribute, values: Sequence[str]) -> str:
    """What is wrong with the values of an attribute, and what would be right; empty when nothing is."""
    if one.values and not set(values) <= set(one.values):
        return _("要从这些里选：%s") % _choices(one)
    faults = (
        (one.datatype != "multivaluelist" and len(values) > 1, _("只能有一个值。")),
        (any(len(value) > MOST_VALUE for value in values), _("最多%d字。") % MOST_VALUE),
        (one.datatype == "number" and not _NUMBER.match(values[0]), _("要是数字。")),
        (
            one.datatype == "datetime" and _instant(values[0]) is None,
            _("要是日期时间，如2026-12-01T09:00:00+08:00。"),
        ),
    )
    return next((words for wrong, words in faults if wrong), "")


# Lists ----------------------------------------------------------------------------------------


def narrowed(query: Mapping[str, str], *, now: datetime) -> Narrowed:
    """What a list is narrowed by.

    :raises Refused: 400 for dates, states, pages; 404 for an unknown service
    """
    ids = tuple(_several(query.get("service_request_id", "")))
    if len(ids) > MOST_ROWS:
        raise Refused(400, _("service_request_id一次最多%d个。") % MOST_ROWS)
    services = tuple(offered.service(code).code for code in _several(query.get("service_code", "")))
    states = _several(query.get("status", ""))
    if not set(states) <= set(STATUSES):
        raise Refused(400, _("status只有open（在办）和closed（办结）。"))
    since, until = _span(query, now=now)
    return Narrowed(
        since=since, until=until, services=services, status=states[0] if len(set(states)) == 1 else "", ids=ids,
        page=_count(query, "page", MOST_PAGES, 1), size=_count(query, "page_size", MOST_ROWS, MOST_ROWS),
        after=_cursor(query.get("after", "")),
    )  # fmt: skip


def _several(text: str) -> list[str]:
    return list(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))


def _span(query: Mapping[str, str], *, now: datetime) -> tuple[datetime, datetime]:
    given = {name: query.get(name, "").strip() for name in ("start_date", "end_date")}
    told = {name: _instant(value) for name, value in given.items()}
    for name, value in given.items():
        if value and told[name] is None:
            raise Refused(400, _("%s要是日期时间，如2026-11-01T00:00:00Z。") % name)
    longest = timedelta(days=MOST_DAYS)
    since, until = told["start_date"], told["end_date"]
    if until is None:
        until = min(now, since + longest) if since else now
    if since is None:
        since = until - longest
    if since > until and given["end_date"]:
        raise Refused(400, _("start_date在end_date之后。"))
    if until - since > longest:
        raise Refused(400, _("start_date到end_date最多%d天，请分几次查。") % MOST_DAYS)
    return since, until


def _instant(text: str) -> datetime | None:
    """An instant in the W3C's form; without a zone it is China's. A plus sign arrives from an address as a space."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        if not 2000 <= found.year <= 2100:
            return None
        return found if found.tzinfo else found.replace(tzinfo=_ZONE)
    except ValueError:
        return None


def _count(query: Mapping[str, str], name: str, most: int, usual: int) -> int:
    text = query.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) < 8 and 1 <= int(text) <= most):
        more = _("更多的请顺着Link响应头的下一页取。") if name == "page" else ""
        raise Refused(400, _("%(name)s要是1到%(most)d的整数。") % {"name": name, "most": most} + more)
    return int(text)


def _cursor(text: str) -> tuple[datetime, int] | None:
    if not text:
        return None
    stamp, _mark, last = text.partition("~")
    at = _instant(stamp)
    if at is None or not (last.isascii() and last.isdecimal() and len(last) < 18):
        raise Refused(400, _("after要从上一页的Link响应头里取。"))
    return at, int(last)


def number_of(text: str) -> str:
    """A ticket's number as the house writes it; empty for what is none."""
    try:
        return kernel.normalise(text)
    except ValueError:
        return ""
