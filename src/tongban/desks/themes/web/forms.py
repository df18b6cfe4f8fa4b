"""The form of a plan as pages: one group a page, what is known folded away, the rest typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.themes import filling
from tongban.desks.themes.contracts import FieldGroup, FormField, Plan
from tongban.desks.themes.filling import Known
from tongban.web import formats
from tongban.web.forms import PlainForm

RADIOS = 6
"""Most choices shown side by side; more become a list."""
LONG = 60
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "date": {"type": "date"},
    "number": {"inputmode": "decimal", "autocomplete": "off"},
    "money": {"inputmode": "decimal", "autocomplete": "off"},
    "phone": {"type": "tel", "inputmode": "tel"},
    "id": {"autocomplete": "off", "maxlength": 24},
    "uscc": {"autocomplete": "off", "maxlength": 24},
}
AUTOCOMPLETE = {
    "person.name": "name",
    "person.phone": "tel",
    "person.address": "street-address",
    "person.birth_date": "bday",
}


@dataclass(slots=True)
class Vouched:
    """A value with the office that says so, and what the applicant says otherwise.

    `files` prove it: {digest, name, size}; `changed` whether the two differ.
    """

    bound: forms.BoundField
    value: str
    source: str
    reason: str
    files: list[dict[str, Any]]
    changed: bool

    @property
    def open(self) -> bool:
        return bool(self.changed or self.reason or self.files or self.bound.errors)


@dataclass(slots=True)
class GroupPage:
    """One group as its page shows it.

    `told` are fields that nobody types: (label, value, where it comes from); `vouched` those that an office says and
    that are corrected with a reason; `known` what the account says; `offered` what an earlier application said or is
    usual, to be looked at; `typed` the rest.
    """

    number: int
    name: str
    form: forms.Form
    told: list[tuple[str, str, str]] = field(default_factory=list)
    vouched: list[Vouched] = field(default_factory=list)
    known: list[forms.BoundField] = field(default_factory=list)
    offered: list[forms.BoundField] = field(default_factory=list)
    typed: list[forms.BoundField] = field(default_factory=list)

    @property
    def known_count(self) -> int:
        return len(self.known) + len(self.told) + len(self.vouched)

    @property
    def known_errors(self) -> bool:
        return any(bound.errors for bound in (*self.known, *(one.bound for one in self.vouched)))


def groups_of(plan: Plan) -> list[FieldGroup]:
    """Groups with something to fill in: one page each."""
    return [group for group in plan.form if any(item.source == "ask" for item in group.fields)]


def group_filled(
    plan: Plan,
    group: FieldGroup,
    form: Mapping[str, Any],
    known: Mapping[str, Known],
    *,
    today: Any,
    reasons: Mapping[str, str],
) -> filling.Filled:
    """How far a group is filled in, seen with the rest of the form."""
    keys = {item.key for item in group.fields}
    given = {key: form[key] for key in form if key in _asked(plan)}
    whole = filling.fill(plan, given, known, today=today, reasons=reasons)
    return filling.Filled(
        {key: value for key, value in whole.values.items() if key in keys},
        {key: words for key, words in whole.errors.items() if key in keys},
    )


def _asked(plan: Plan) -> set[str]:
    return {item.key for item in plan.asked}


def page_of(
    plan: Plan,
    number: int,
    *,
    values: Mapping[str, Any],
    typed: Mapping[str, str],
    known: Mapping[str, Known],
    today: Any,
    fixes: Mapping[str, Mapping[str, Any]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> GroupPage:
    """The page of the group with this number (from 1).

    :param values: what was filled in so far; `typed` what was typed and could not be taken; `fixes` why known
        values are wrong
    """
    group = groups_of(plan)[number - 1]
    everything = filling.complete(plan, dict(values), known)
    shown = [
        item for item in group.fields if item.source == "ask" and filling.shows(plan, item, everything, today)
    ]
    fixed = {item.key for item in shown if item.key in known and known[item.key].fixed}
    open_fields = [item for item in shown if item.key not in fixed]
    data = {
        item.key: typed[item.key] if item.key in typed else filling.shown(item, everything.get(item.key))
        for item in open_fields
    }
    form = _form(open_fields, data, errors or {})
    page = GroupPage(
        number, group.name.text(get_language() or ""), form, _told(plan, group, fixed, everything, known)
    )
    for item in open_fields:
        _place(page, item, known.get(item.key), everything, (fixes or {}).get(item.key, {}))
    return page


def _place(
    page: GroupPage, item: FormField, held: Known | None, values: Mapping[str, Any], fix: Mapping[str, Any]
) -> None:
    """Put a field where it is read: among what is vouched for, known, offered or typed."""
    bound = page.form[item.key]
    if held is None:
        page.typed.append(bound)
        return
    if held.vouched:
        changed = values.get(item.key) != held.value
        said = Vouched(
            bound, words_of(item, held.value, masked=True), source_words(held), str(fix.get("reason", "")),
            list(fix.get("files", ())), changed,
        )  # fmt: skip
        bound.help_text = ""
        page.vouched.append(said)
        return
    bound.help_text = source_words(held)
    (page.known if held.kind == "profile" else page.offered).append(bound)


def source_words(held: Known) -> str:
    """Where a value comes from, and as of when."""
    source = held.source.text(get_language() or "")
    if held.kind == "usual":
        return source
    if held.as_of is None:
        return _("来自%(source)s") % {"source": source}
    return _("来自%(source)s（截至%(day)s）") % {"source": source, "day": formats.iso(held.as_of)}


def _form(items: Iterable[FormField], data: Mapping[str, str], errors: Mapping[str, str]) -> forms.Form:
    made = {item.key: _field(item) for item in items}
    form: forms.Form = type("GroupForm", (PlainForm,), made)(dict(data))
    form.full_clean()
    form.errors.clear()
    for key, words in errors.items():
        form.add_error(key if key in form.fields else None, words)
    return form


def _field(item: FormField) -> forms.Field:
    language = get_language() or ""
    label, hint = item.label.text(language), item.help.text(language)
    if item.example and item.type in {"text", "address"} and not hint:
        hint = _("例：%s") % item.example
    if item.type == "money":
        label = _("%s（元）") % label
    common: dict[str, Any] = {"label": label, "required": item.required, "help_text": hint}
    return forms.CharField(widget=_widget(item), **common)


def _widget(item: FormField) -> forms.Widget:
    if item.type in {"choice", "yesno"}:
        return _choices(item)
    attrs: dict[str, Any] = {}
    if item.key in AUTOCOMPLETE:
        attrs["autocomplete"] = AUTOCOMPLETE[item.key]
    attrs |= ATTRIBUTES.get(item.type, {"maxlength": item.maximum} if item.maximum else {})
    if item.type == "date":
        return forms.DateInput(attrs=attrs, format="%Y-%m-%d")
    if item.type == "text" and (item.maximum or 0) > LONG:
        return forms.Textarea(attrs={**attrs, "rows": 3})
    return forms.TextInput(attrs=attrs)


def _choices(item: FormField) -> forms.Widget:
    pairs = (
        [(one, item.choice_label(one, get_language() or "")) for one in item.choices]
        if item.type == "choice"
        else [("yes", _("是")), ("no", _("否"))]
    )
    if len(pairs) <= RADIOS:
        return forms.RadioSelect(choices=pairs)
    return forms.Select(choices=[("", _("请选")), *pairs])


def _told(
    plan: Plan, group: FieldGroup, fixed: set[str], values: Mapping[str, Any], known: Mapping[str, Known]
) -> list[tuple[str, str, str]]:
    language = get_language() or ""
    labels = {item.key: item.label.text(language) for item in plan.fields}
    rows = []
    for item in group.fields:
        label = labels[item.key]
        if item.source == "answer":
            rows.append((label, words_of(item, item.value), _("来自您前面的回答")))
        elif item.source == "copy":
            rows.append(
                (
                    label,
                    words_of(item, values.get(item.copies)),
                    _("与“%s”相同") % labels.get(item.copies, ""),
                )
            )
        elif item.source == "result":
            name = plan.matter(item.given_by).name.text(language)
            rows.append((label, "", _("“%s”办好后自动填") % name))
        elif item.key in fixed:
            held = known[item.key]
            rows.append((label, words_of(item, values.get(item.key), masked=True), source_words(held)))
    return rows


def words_of(item: FormField, value: Any, *, masked: bool = False) -> str:
    """A value as somebody reads it."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if item.type == "money":
        return formats.money(int(value))
    if item.type == "date":
        return formats.long_date(date.fromisoformat(str(value)))
    if item.type == "choice":
        return item.choice_label(str(value), get_language() or "")
    mask = {"id": formats.mask_id, "phone": formats.mask_phone}.get(item.type) if masked else None
    return mask(str(value)) if mask else str(value)
