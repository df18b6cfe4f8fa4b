"""Forms whose refusals are sentences (ui.md §5: 请填店铺地址, not 该字段必填)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext

CHOOSING = (forms.ChoiceField, forms.ModelChoiceField, forms.BooleanField)


def _ask(label: Any, *, choose: bool) -> str:
    words = gettext("请选：%(label)s") if choose else gettext("请填%(label)s")
    return words % {"label": label}


ask = lazy(_ask, str)


class PlainForm(forms.Form):
    """A form for `{% field %}`: errors name the field; the browser's own bubbles stay silent."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        general = forms.Field.default_error_messages["required"]
        for name, field in self.fields.items():
            if field.error_messages.get("required") == general:
                choose = isinstance(field, CHOOSING)
                field.error_messages["required"] = ask(field.label or name, choose=choose)
