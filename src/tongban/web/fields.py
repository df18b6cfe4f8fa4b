"""A Django form field taken apart for the field component."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm, BoundField, widgets
from django.forms.boundfield import BoundWidget
from django.utils.safestring import SafeString


def _group(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple)


def control_id(bound: BoundField) -> str:
    """The id an error links to: the control, or the first option of a group."""
    return f"{bound.auto_id}_0" if _group(bound) else str(bound.auto_id)


def _class(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, widgets.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, widgets.Select) and not _group(bound):
        return "form-select"
    return "form-control"


def parts(bound: BoundField, *, help_text: str = "", label: str = "", layout: str = "") -> dict[str, Any]:
    """Context of ``web/components/field.html``."""
    ident = str(bound.auto_id)
    shown_help = help_text or bound.help_text
    described = [f"{ident}-help"] if shown_help else []
    problems = list(bound.errors)
    if problems:
        described.append(f"{ident}-error")
    attrs: dict[str, Any] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if problems:
        attrs["aria-invalid"] = "true"
    if isinstance(bound.field.widget, widgets.Textarea) and bound.field.widget.attrs.get("rows") == "10":
        attrs["rows"] = "4"  # Django's default fills a phone's screen
    group = _group(bound)
    given = str(bound.field.widget.attrs.get("class", ""))
    options: list[tuple[SafeString, Any, str]] = []
    control: SafeString | str = ""
    if group:
        options = _options(bound, attrs)
    else:
        control = bound.as_widget(attrs={**attrs, "class": f"{_class(bound)} {given}".strip()})
    return {
        "field": bound, "ident": ident, "label": label or bound.label, "help": shown_help, "errors": problems,
        "group": group, "single": isinstance(bound.field.widget, widgets.CheckboxInput), "options": options,
        "control": control, "optional": not bound.field.required, "bare": layout == "bare",
        "described": " ".join(described), "hidden": bound.is_hidden,
    }  # fmt: skip


def _options(bound: BoundField, attrs: dict[str, Any]) -> list[tuple[SafeString, Any, str]]:
    """Each option as its control, its label and its id."""
    widget = bound.field.widget
    plain = {key: value for key, value in attrs.items() if key != "aria-describedby"}
    found = []
    for data in widget.subwidgets(
        bound.html_name, bound.value(), attrs={**plain, "id": bound.auto_id, "class": "form-check-input"}
    ):
        option = BoundWidget(widget, data, bound.form.renderer)
        found.append((option.tag(), option.choice_label, option.id_for_label))
    return found


def errors(form: BaseForm) -> list[dict[str, str]]:
    """Errors in field order with the id each belongs to; form-wide ones first, without id."""
    if not form.is_bound:
        return []
    found = [{"text": str(text), "target": ""} for text in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else control_id(bound)
        found += [{"text": str(text), "target": target} for text in bound.errors]
    return found
