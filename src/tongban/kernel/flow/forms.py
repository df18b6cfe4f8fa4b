"""The input of a move as an HTML form. The form only renders; pydantic validates."""

from __future__ import annotations

import types
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from django import forms
from pydantic import BaseModel
from pydantic.fields import FieldInfo

LONG_TEXT = 120


def form_for(
    schema: type[BaseModel],
    *,
    data: Any = None,
    errors: dict[str, str] | None = None,
    initial: dict[str, Any] | None = None,
) -> forms.Form:
    """A Django form with one field per field of `schema`.

    :param data: what was posted, kept on the page
    :param errors: words by field name, as `InvalidInput.fields` gives them
    """
    fields = {name: _field(name, info) for name, info in schema.model_fields.items()}
    form_class = type(f"{schema.__name__}Form", (forms.Form,), fields)
    form: forms.Form = form_class(data, initial=initial)
    if errors:
        form.full_clean()
        form.errors.clear()
        for name, words in errors.items():
            base = name.split(".", 1)[0]
            form.add_error(base if base in form.fields else None, words)
    return form


def _bare(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        return inner[0] if len(inner) == 1 else annotation
    return annotation


def _field(name: str, info: FieldInfo) -> forms.Field:
    kind, extra = _bare(info.annotation), info.json_schema_extra
    shown = extra if isinstance(extra, dict) else {}
    common: dict[str, Any] = {
        "label": info.title or name,
        "required": info.is_required(),
        "help_text": info.description or "",
        "initial": None if info.is_required() else info.get_default(call_default_factory=True),
    }
    if get_origin(kind) is Literal:
        labels = shown.get("labels")
        words = labels if isinstance(labels, dict) else {}
        choices = [(value, str(words.get(value, value))) for value in get_args(kind)]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if isinstance(kind, type) and issubclass(kind, Enum):
        choices = [(item.value, getattr(item, "label", item.value)) for item in kind]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if get_origin(kind) in (list, tuple, set, frozenset):
        lines = "\n".join(
            str(one) for one in common["initial"] or ()
        )  # one to a line, as `posted` reads them
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **{**common, "initial": lines})
    return _plain(kind, info, common)


def _plain(kind: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    if kind is bool:
        return forms.BooleanField(**{**common, "required": False})
    if kind is int:
        return forms.IntegerField(**common)
    if kind is datetime:
        return forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), **common)
    if kind is date:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    return _text(info, common)


def _text(info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    longest = next((m.max_length for m in info.metadata if hasattr(m, "max_length")), None)
    if longest and longest > LONG_TEXT:
        return forms.CharField(max_length=longest, widget=forms.Textarea(attrs={"rows": 4}), **common)
    return forms.CharField(max_length=longest, **common)


def posted(schema: type[BaseModel], data: Any) -> dict[str, Any]:
    """What a posted form says, as input for `schema`: empty optional fields are left out."""
    asked: dict[str, Any] = {}
    for name, info in schema.model_fields.items():
        kind = _bare(info.annotation)
        if get_origin(kind) in (list, tuple, set, frozenset):
            text = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
            values = [line.strip() for item in text for line in str(item).splitlines() if line.strip()]
            if values:
                asked[name] = values
        elif kind is bool:
            asked[name] = data.get(name) in {"on", "true", "True", "1", True}
        else:
            value = data.get(name, "")
            if value != "" or (info.is_required() and kind is str):
                asked[name] = value
    return asked
