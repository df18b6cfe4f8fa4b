"""The plain fields of a policy and of a measure, as forms; rows, sums and examples are `editing.posted`'s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongban.actors.api import UnitInfo
from tongban.desks.policies import packs, selectors
from tongban.desks.policies.contracts import Claimway, Gives, Medium, Party, Period
from tongban.desks.policies.editing.comparisons import NoValueError, literal
from tongban.desks.policies.format import Terms
from tongban.desks.policies.models import Policy
from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.operators import yuan
from tongban.registers.portraits.contracts import ElementInfo
from tongban.web.forms import PlainForm


def _day(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


def _long(label: Any, *, most: int, rows: int = 3, required: bool = False, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, required=required, help_text=hint)


class HeadForm(PlainForm):
    """What a policy is."""

    title = forms.CharField(label=_("政策名称"), min_length=2, max_length=120)
    document = forms.CharField(label=_("文号"), max_length=80, help_text=_("如 咸科发〔2026〕12号"))
    issued_on = _day(_("印发日期"), required=True)
    valid_from = _day(_("生效日期"), required=True)
    valid_until = _day(_("有效期止"), hint=_("长期有效不填"))
    summary = _long(_("一句话说明"), most=2000, hint=_("给谁、给什么，群众一看就懂"))
    title_en = forms.CharField(label=_("英文名称"), max_length=240, required=False)
    summary_en = _long(_("英文摘要"), most=2000)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _now("有效期止早于生效日期。"))
        return cleaned


class CollectForm(HeadForm):
    """A policy to be taken in: whose, and from where."""

    unit = forms.ChoiceField(label=_("发文单位"))
    source = forms.URLField(label=_("来源网址"), required=False, max_length=300, assume_scheme="https")
    text = _long(_("政策原文"), most=200_000, rows=10, hint=_("把网页或文件里的正文粘贴进来，拆分时对着看"))
    original = forms.FileField(
        label=_("政策文件"), required=False, help_text=_("PDF、Word 或图片，不超过20MB")
    )
    field_order = (
        "unit",
        "title",
        "document",
        "issued_on",
        "valid_from",
        "valid_until",
        "summary",
        "source",
        "text",
        "original",
    )

    def __init__(self, units: list[UnitInfo], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["unit"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one.id, one.name) for one in units]


class InterpretationForm(PlainForm):
    """How a policy is explained."""

    explained = _long(
        _("解读文字"), most=20_000, rows=10, hint=_("图解、音频、视频的文字稿也写在这里；空一行分段")
    )  # fmt: skip
    explained_en = _long(_("英文解读"), most=40_000, rows=6)
    medium = forms.ChoiceField(label=_("解读形式"), choices=Medium.choices, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("解读附件"), required=False,
        help_text=_("图片（JPG、PNG、WEBP）、音频（MP3、M4A、WAV、OGG）或视频（MP4、WEBM），不超过20MB"),
    )  # fmt: skip
    take_away = forms.BooleanField(label=_("删去现在的附件"), required=False)


class TermsForm(PlainForm):
    """What a measure says, beside its condition, its amount and its examples."""

    title = forms.CharField(label=_("措施名称"), min_length=2, max_length=120)
    says = _long(_("给谁什么，一句话"), most=2000, rows=2, required=True)
    party = forms.ChoiceField(label=_("给谁"), choices=Party.choices)
    gives = forms.ChoiceField(label=_("给什么"), choices=Gives.choices)
    article = forms.CharField(
        label=_("哪一条"), max_length=80, required=False, help_text=_("如 第五条第二款")
    )
    title_en = forms.CharField(label=_("英文名称"), max_length=240, required=False)
    says_en = _long(_("英文一句话"), most=2000, rows=2)
    way = forms.ChoiceField(label=_("怎么享受"), choices=Claimway.choices)
    matter = forms.CharField(
        label=_("事项编码"), max_length=10, required=False, help_text=_("“按事项办理”的才填")
    )
    period = forms.ChoiceField(label=_("多久一次"), choices=Period.choices)
    begins = _day(_("这一版从哪天起"), required=True)
    opens_on = _day(_("开始申领"), hint=_("不填就是一直可以"))
    closes_on = _day(_("截止申领"))
    quota = forms.IntegerField(label=_("名额（户）"), min_value=1, max_value=10**7, required=False)
    budget = forms.CharField(label=_("资金总额（元）"), max_length=24, required=False)
    order = forms.ChoiceField(label=_("名额或资金不够时"))
    publicity_days = forms.IntegerField(label=_("公示几个工作日"), min_value=0, max_value=60, required=False)
    evidence = _long(_("数据不够时要的材料"), most=2000, rows=2, hint=_("一行一种，写材料名称"))
    excludes = _long(_("不能同时享受的措施"), most=4000, rows=2, hint=_("一行一项，写措施名称或编号"))

    def __init__(self, infos: Mapping[str, ElementInfo], language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counted = [info for info in infos.values() if info.type in {Type.MONEY, Type.NUMBER, Type.DATE}]
        choice = self.fields["order"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [
            ("first", _("先申请的先得")), ("amount", _("金额大的先得")),
            *((f"{info.key}:high", _now("%s大的先得") % info.name_in(language)) for info in counted),
            *((f"{info.key}:low", _now("%s小的先得") % info.name_in(language)) for info in counted),
        ]  # fmt: skip

    def clean_budget(self) -> int | None:
        typed = self.cleaned_data["budget"].strip()
        if not typed:
            return None
        try:
            return yuan(literal(typed, Type.MONEY)["yuan"])
        except (NoValueError, ValueError):
            raise forms.ValidationError(_now("请填金额，如 1000000 或 1,000,000.50。")) from None

    def clean_evidence(self) -> tuple[str, ...]:
        names = packs.papers()
        return self._keys(
            "evidence", {name: key for key, name in names.items()} | {key: key for key in names}
        )

    def clean_excludes(self) -> tuple[str, ...]:
        lines = _lines(self.cleaned_data["excludes"])
        return tuple(dict.fromkeys(selectors.keys_by_title(lines).get(line, line) for line in lines))

    def _keys(self, name: str, known: Mapping[str, str]) -> tuple[str, ...]:
        lines = _lines(self.cleaned_data[name])
        strange = [line for line in lines if line not in known]
        if strange:
            raise forms.ValidationError(_now("没有“%s”这种材料，请照材料目录里的名称写。") % strange[0])
        return tuple(dict.fromkeys(known[line] for line in lines))

    def terms(self) -> dict[str, Any]:
        """As fields of `Terms`."""
        cleaned = dict(self.cleaned_data)
        cleaned.pop("begins", None)
        cleaned["budget_fen"] = cleaned.pop("budget")
        key, colon, way = cleaned["order"].partition(":")
        cleaned["order"] = {"element": key, "descending": way == "high"} if colon else key
        cleaned["publicity_days"] = cleaned["publicity_days"] or 0
        if cleaned["way"] != Claimway.MATTER:
            cleaned["matter"] = ""
        return cleaned


def initial_of(terms: Terms) -> dict[str, Any]:
    """What the form shows of a measure."""
    held = terms.kept()
    order = terms.ordered
    names = packs.papers()
    titles = selectors.titles(terms.excludes)
    return {
        **{name: held[name] for name in TermsForm.base_fields if name in held},
        "budget": "" if terms.budget_fen is None else f"{terms.budget_fen / 100:.2f}".removesuffix(".00"),
        "order": f"{order.element}:{'high' if order.descending else 'low'}" if order.by == "element" else order.by,
        "evidence": "\n".join(names.get(key, key) for key in terms.evidence),
        "excludes": "\n".join(titles.get(key, key) for key in terms.excludes),
    }  # fmt: skip


def head_initial(policy: Policy) -> dict[str, Any]:
    """What the head's form shows of a policy."""
    return {name: getattr(policy, name) for name in HeadForm.base_fields}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
