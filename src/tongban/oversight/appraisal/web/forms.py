"""The evaluation as a form: five levels, none preselected."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.oversight.appraisal.contracts import BAD_TAGS, GOOD_TAGS, Level
from tongban.web.forms import PlainForm


class EvaluationForm(PlainForm):
    level = forms.TypedChoiceField(
        label=_("满意程度"), choices=Level.choices, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": _("请选：满意程度")},
    )  # fmt: skip
    tags = forms.MultipleChoiceField(
        label=_("哪里好、哪里不好"), choices=[(tag.value, tag.label) for tag in (*GOOD_TAGS, *BAD_TAGS)],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    text = forms.CharField(
        label=_("想说的话"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500, required=False,
        help_text=_("不用写身份证号、电话。最多500个字。"),
        error_messages={"max_length": _("想说的话最多500个字。")},
    )  # fmt: skip
