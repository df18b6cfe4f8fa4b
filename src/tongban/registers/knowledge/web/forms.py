"""The form of an entry: one line each for other ways of asking, keywords and laws."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.registers.knowledge.contracts import Audience, EntryInfo
from tongban.registers.knowledge.models import Version
from tongban.registers.knowledge.services import Said
from tongban.web.forms import PlainForm

_LAW = re.compile(r"^《?(?P<law>[^》]+?)》?\s*(?P<article>第[零一二三四五六七八九十百0-9]+条\S*)?\s*$")


class EntryForm(PlainForm):
    key = forms.CharField(
        label=_("键"), max_length=60, help_text=_("网址里用，如 fund-withdraw-rent；定了不改"),
        error_messages={"required": _("请填键")},
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("责任单位"))
    audience = forms.ChoiceField(label=_("给谁看"), choices=Audience.choices, widget=forms.RadioSelect)
    question = forms.CharField(
        label=_("问题"),
        max_length=200,
        help_text=_("像群众那样问"),
        error_messages={"required": _("请填问题")},
    )
    answer = forms.CharField(
        label=_("答案"), widget=forms.Textarea(attrs={"rows": 8}), max_length=5000,
        help_text=_("先说结论，再说条件和怎么办；不写任何人的手机号和身份证号"),
        error_messages={"required": _("请填答案")},
    )  # fmt: skip
    ways = forms.CharField(
        label=_("别的问法"), widget=forms.Textarea(attrs={"rows": 3}), required=False, help_text=_("每行一种")
    )
    keywords = forms.CharField(
        label=_("关键词"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("用空格或逗号分开"),
    )
    laws = forms.CharField(
        label=_("依据"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text=_("每行一条，如：住房公积金管理条例 第二十四条"),
    )  # fmt: skip
    matters = forms.CharField(label=_("相关事项"), required=False, help_text=_("事项编码，用逗号分开"))
    question_en = forms.CharField(label=_("英文问题"), max_length=200, required=False)
    short_en = forms.CharField(
        label=_("英文简答"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000, required=False
    )
    as_of = forms.DateField(
        label=_("核对日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("哪一天核对过它仍然正确"), error_messages={"required": _("请填核对日期")},
    )  # fmt: skip
    valid_until = forms.DateField(
        label=_("有效期止"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False,
        help_text=_("政策到期的填最后一天；长期有效不填"),
    )  # fmt: skip
    answers = forms.CharField(label=_("回答的问题"), required=False, widget=forms.HiddenInput)

    def __init__(self, units: list[tuple[str, str]], *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = units
        if fixed:
            del self.fields["key"]

    def said(self) -> Said:
        """What the version is to say."""
        cleaned = self.cleaned_data
        return Said(
            question=cleaned["question"], answer=cleaned["answer"].replace("\r\n", "\n"), as_of=cleaned["as_of"],
            question_en=cleaned["question_en"], short_en=cleaned["short_en"], ways=_lines(cleaned["ways"]),
            keywords=_words(cleaned["keywords"]), laws=tuple(_law(one) for one in _lines(cleaned["laws"])),
            matters=_words(cleaned["matters"]), valid_until=cleaned["valid_until"], answers=cleaned["answers"],
        )  # fmt: skip


def initial(said: Version | EntryInfo | None, *, today: date) -> dict[str, Any]:
    """What the form shows of a version; a new entry begins with today."""
    if said is None:
        return {"as_of": today, "audience": Audience.PUBLIC}
    laws = [one if isinstance(one, dict) else {"law": one.law, "article": one.article} for one in said.laws]
    return {
        "question": said.question, "answer": said.answer, "question_en": said.question_en, "short_en": said.short_en,
        "ways": "\n".join(said.ways), "keywords": " ".join(said.keywords), "as_of": today,
        "matters": "，".join(said.matters), "valid_until": said.valid_until,
        "laws": "\n".join(f"{one['law']} {one.get('article', '')}".strip() for one in laws),
    }  # fmt: skip


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[\s,，、;；]+", text) if word)


def _law(line: str) -> dict[str, str]:
    found = _LAW.match(line)
    if found is None:
        return {"law": line[:100], "article": "", "says": ""}
    return {"law": found["law"].strip(), "article": found["article"] or "", "says": ""}
