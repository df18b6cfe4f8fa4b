"""What a unit fills in: a reason, or an appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.oversight.supervision.pack import rules, word
from tongban.web.forms import PlainForm


def _choices(words: Any) -> list[tuple[str, str]]:
    return [("", "—"), *((code, word(words, code)) for code in words)]


class ReasonForm(PlainForm):
    reason = forms.ChoiceField(label=_("超期的原因"))
    words = forms.CharField(
        label=_("经过和打算怎么办"), max_length=1000, min_length=2, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写清楚为什么超期。")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = _choices(rules().reasons)  # type: ignore[attr-defined]  # a ChoiceField


class AppealForm(PlainForm):
    ground = forms.ChoiceField(label=_("申诉理由"))
    words = forms.CharField(
        label=_("事实和理由"), max_length=2000, min_length=10, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("发生了什么、从几时到几时、有什么依据。"), error_messages={"required": _("请写事实和理由")},
    )  # fmt: skip
    evidence = forms.FileField(
        label=_("证据"), required=False, help_text=_("可不交。照片、PDF、Office文件，至多20 MB。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = _choices(rules().grounds)  # type: ignore[attr-defined]  # a ChoiceField
