"""Components of ui.md §3. Loaded in every template without ``{% load %}``; `/gallery` shows them all."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tongban.web import clocks, fields, formats
from tongban.web.contracts import Chip, Figure, MoveButton, Slot

register = template.Library()


# Filters ---------------------------------------------------------------------------------------


@register.filter
def cn_date(value: date | datetime | None, parts: str = "") -> str:
    """``{{ at|cn_date }}`` 2026年11月22日（周日） 14:05; ``{{ at|cn_date:"day" }}`` without the hour."""
    return formats.long_date(value, time=parts != "day") if value else ""


@register.filter
def iso_date(value: date | datetime | None) -> str:
    """``{{ at|iso_date }}`` 2026-11-22, for tables."""
    return formats.iso(value) if value else ""


@register.filter
def count(value: object, style: str = "") -> str:
    """``{{ n|count }}`` 318,679; ``{{ n|count:"headline" }}`` 31.9万."""
    if not isinstance(value, int | float | Decimal):  # a variable that is missing
        return ""
    return formats.headline(value) if style == "headline" else formats.count(value)


@register.filter
def rate(part: object, whole: float | None = None) -> str:
    """``{{ kept|rate:all }}`` or, of a share from 0 to 1, ``{{ share|rate }}``: 99.96%; nothing gives 无."""
    return formats.rate(part if isinstance(part, int | float | Decimal) else None, whole)


@register.filter
def money(fen: int | None) -> str:
    """``{{ fee.amount_fen|money }}`` 12.50元."""
    return formats.money(fen)


@register.filter
def file_size(octets: int) -> str:
    """``{{ file.size|file_size }}`` 1.4 MB."""
    return formats.size(octets)


@register.filter
def mask_name(name: str | None) -> str:
    """``{{ person.name|mask_name }}`` 张*明."""
    return formats.mask_name(name)


@register.filter
def mask_id(number: str | None) -> str:
    """``{{ number|mask_id }}`` 4212************1X."""
    return formats.mask_id(number)


@register.filter
def mask_phone(number: str | None) -> str:
    """``{{ phone|mask_phone }}`` 138****5678."""
    return formats.mask_phone(number)


# Small parts -----------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str) -> SafeString:
    """``{% icon "search" %}`` a sign of the sprite (names in frontend/icons.mjs); decoration only."""
    return format_html(
        '<svg class="tb-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("tongban/icons.svg"),
        name,
    )


@register.simple_tag
def badge(text: str, kind: str = "") -> SafeString:
    """``{% badge "加急" "near" %}`` an adjective; kind is empty, ``info``, ``near`` or ``overdue``."""
    return format_html('<span class="tb-badge{}">{}</span>', f" tb-badge--{kind}" if kind else "", text)


@register.simple_tag
def idempotency(key: str = "", name: str = "key") -> SafeString:
    """``{% idempotency %}`` the hidden key that makes a second click of the same form harmless.

    Give ``key=form.data.key`` when a form is shown again, so that the retry is the same request.
    """
    return format_html('<input type="hidden" name="{}" value="{}">', name, key or uuid.uuid4().hex)


@register.simple_tag
def time(value: date | datetime | None, parts: str = "") -> SafeString:
    """``{% time entry.at %}`` a ``<time>`` in the reader's language; parts as in `cn_date`."""
    if not value:
        return SafeString("")
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), formats.long_date(value, time=parts != "day")
    )


@register.simple_tag
def rate_of(part: int | None, whole: int | None) -> SafeString:
    """``{% rate_of kept total %}`` 99.96%（25,489/25,499）: a rate with its denominator."""
    shown = formats.rate(part, whole or 0)
    between = (" (", ")") if formats.english() else ("（", "）")
    inside = f"{between[0]}{formats.count(part or 0)}/{formats.count(whole or 0)}{between[1]}"
    return format_html('{}<span class="tb-muted">{}</span>', shown, inside)


# Components ------------------------------------------------------------------------------------


@register.inclusion_tag("web/components/clock.html")
def clock_badge(clock: Any, layout: str = "") -> dict[str, Any]:
    """``{% clock_badge row.clock "row" %}`` a `ClockView`: word, sign, colour and date; nothing for None.

    :param layout: ``row`` keeps to one line: the note is read aloud but not shown
    """
    return {"clock": clocks.words(clock) if clock else None, "row": layout == "row"}


@register.inclusion_tag("web/components/field.html")
def field(bound: BoundField, hint: str = "", label: str = "", layout: str = "") -> dict[str, Any]:
    """``{% field form.shop_name %}`` label, help, error and control, tied together for readers.

    :param hint: instead of the field's own help text
    :param layout: ``bare`` hides the label from sight (a search box beside its button)
    """
    return fields.parts(bound, help_text=hint, label=label, layout=layout)


@register.inclusion_tag("web/components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """``{% error_summary form %}`` before the form: linked errors that take focus; nothing when none."""
    return {"errors": [error for form in forms if form is not None for error in fields.errors(form)]}


@register.inclusion_tag("web/components/pager.html", takes_context=True)
def pager(context: RequestContext, page: Any, label: str = "") -> dict[str, Any]:
    """``{% pager page %}`` 上50条／下50条 by ``before`` and ``after`` in the URL; page: `contracts.Page`.

    :param label: names the list where one page has several pagers
    """
    request = context.get("request")
    query = request.GET.copy() if request is not None else None

    def link(name: str, cursor: str) -> str:
        if not cursor:
            return ""
        if query is None:
            return f"?{name}={cursor}"
        other = query.copy()
        other.pop("before", None)
        other.pop("after", None)
        other[name] = cursor
        return f"?{other.urlencode()}"

    return {
        "label": label,
        "size": _get(page, "size") or 50,
        "total": _get(page, "total"),
        "previous": link("before", _get(page, "previous")),
        "next": link("after", _get(page, "next")),
    }


@register.inclusion_tag("web/components/timeline.html")
def timeline(entries: Any) -> dict[str, Any]:
    """``{% timeline entries %}`` newest first; entries: `contracts.TimelineEntry`."""
    return {"entries": entries}


@register.inclusion_tag("web/components/empty.html")
def empty(kind: str, text: str = "", url: str = "", action: str = "", who: str = "") -> dict[str, Any]:
    """``{% empty "filtered" url=list_url %}`` why a list is empty.

    :param kind: ``nothing`` (yet), ``filtered`` (nothing matches; `url` clears) or ``denied`` (`who` grants)
    """
    if kind not in {"nothing", "filtered", "denied"}:
        raise template.TemplateSyntaxError(f"empty: {kind!r}; possible are nothing, filtered, denied.")
    return {"kind": kind, "text": text, "url": url, "action": action, "who": who}


@register.inclusion_tag("web/components/progress.html")
def progress(done: int, total: int, label: str = "") -> dict[str, Any]:
    """``{% progress 3 4 "部门已办" %}`` a bar with its numbers; only counts that are known."""
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag("web/components/steps.html")
def steps(step: int, total: int, back_url: str = "") -> dict[str, Any]:
    """``{% steps 3 6 back_url %}`` 第3步／共6步 with the link back."""
    return {"step": step, "total": total, "back_url": back_url}


@register.inclusion_tag("web/components/upload_slot.html")
def upload_slot(slot: Slot) -> dict[str, Any]:
    """``{% upload_slot slot %}`` one material (`contracts.Slot`): reuse first, then photo or file.

    The form needs ``enctype="multipart/form-data"``; fields ``<name>`` (files) and ``<name>-reuse``.
    """
    return {"slot": slot}


@register.inclusion_tag("web/components/evaluation_form.html", takes_context=True)
def evaluation_form(
    context: RequestContext, action: str, key: str = "", skip_url: str = "", error: str = ""
) -> dict[str, Any]:
    """``{% evaluation_form action=url skip_url="/mine" %}`` five levels (GB/T 39046), none preselected.

    Posts ``level`` (1 very satisfied … 5 very dissatisfied), ``text`` and ``key``.
    """
    return {
        "action": action, "key": key, "skip_url": skip_url, "error": error, "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.inclusion_tag("web/components/moves.html", takes_context=True)
def moves(context: RequestContext, buttons: list[MoveButton], key: str = "") -> dict[str, Any]:
    """``{% moves buttons %}`` numbered moves of a docket; a refused one stays, with its reason.

    A button with ``post`` sends itself to its url; the others are links to the move's form.
    """
    return {"buttons": buttons, "key": key or uuid.uuid4().hex, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("web/components/chips.html")
def chips(items: list[Chip], clear_url: str = "") -> dict[str, Any]:
    """``{% chips active clear_url="?" %}`` removable filters."""
    return {"items": items, "clear_url": clear_url}


@register.inclusion_tag("web/components/figures.html")
def figures(items: list[Figure]) -> dict[str, Any]:
    """``{% figures items %}`` at most four headline figures, each opening the dockets behind it."""
    return {"items": items}


@register.inclusion_tag("web/components/banner.html")
def banner(text: str, kind: str = "info") -> dict[str, Any]:
    """``{% banner "草稿已保存" "done" %}`` kind: ``info``, ``done``, ``warn``, ``error``."""
    return {"text": text, "kind": kind}


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
