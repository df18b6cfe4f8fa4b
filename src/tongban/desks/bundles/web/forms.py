"""Forms of bundles: questions, an order, what the moves of an order ask for, applying as a provider, an offer.

Each form of a move gives with `given` what the move takes: yuan become fen, words stay words.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tongban.actors import api as actors
from tongban.desks.bundles.contracts import Level, OfferInfo, Price
from tongban.desks.bundles.reading import Bundle, Category, MarketLine, shelf
from tongban.desks.bundles.web.words import offer_line
from tongban.web import formats
from tongban.web.forms import PlainForm

LINES = forms.Textarea(attrs={"rows": 3})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def divisions() -> list[tuple[str, str]]:
    """The city's districts and counties, by code."""
    found = actors.regions_below(settings.ROOT_REGION)
    return [(one.code, one.name_en if formats.english() and one.name_en else one.name) for one in found]


def _named(one: Category | MarketLine) -> str:
    return one.name_en if formats.english() else one.name


class QuestionsForm(PlainForm):
    """The questions of a bundle, shown with the answers given; what is not answered is left out of the plan and told."""

    def __init__(self, bundle: Bundle, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = formats.english()
        for question in bundle.questions:
            label = question.ask_en if english else question.ask
            if question.type == "number":
                self.fields[question.key] = forms.IntegerField(label=label, min_value=0)
                continue
            options = [(one.value, one.label_en if english else one.label) for one in question.options]
            self.fields[question.key] = forms.ChoiceField(
                label=label, choices=options or [("yes", _("是")), ("no", _("否"))], widget=forms.RadioSelect
            )  # fmt: skip


class OrderForm(PlainForm):
    wish = forms.CharField(
        label=_("要什么"), max_length=500, widget=LINES, help_text=_("写清情况和想要的结果。不要写身份证号和账号。"),
        error_messages={"required": _("请写要什么，5到500个字。")},
    )  # fmt: skip
    contact = forms.CharField(label=_("联系人"), max_length=50, help_text=_("服务商接单后才看得到。"))
    phone = forms.CharField(
        label=_("联系电话"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("服务商接单后才看得到。"),
    )  # fmt: skip
    others = forms.BooleanField(
        label=_("这家不接或不回应的，转给下一家，价格不高于这家"), required=False,
        help_text=_("不勾的，退回给您自己另选。"),
    )  # fmt: skip


class MoveForm(PlainForm):
    """What a move asks for."""

    def given(self) -> dict[str, Any]:
        """The move's input."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class ReasonForm(MoveForm):
    reason = forms.CharField(
        label=_("理由"), min_length=2, max_length=500, widget=LINES, help_text=_("对方能看到")
    )


class QuoteForm(MoveForm):
    amount = forms.DecimalField(
        label=_("报价（元）"), min_value=Decimal(0), max_digits=14, decimal_places=2, help_text=_("含税总价")
    )
    days = forms.IntegerField(label=_("几个工作日交付"), min_value=1, max_value=400)
    says = forms.CharField(label=_("报价包括什么"), min_length=2, max_length=500, widget=LINES)

    def given(self) -> dict[str, Any]:
        return {
            "amount_fen": int(self.cleaned_data["amount"] * 100), "days": self.cleaned_data["days"],
            "says": self.cleaned_data["says"],
        }  # fmt: skip


class DeliverForm(MoveForm):
    says = forms.CharField(
        label=_("交付了什么"),
        min_length=2,
        max_length=1000,
        widget=LINES,
        help_text=_("写交了什么、怎么交的，企业据此确认"),
    )


class PaidForm(MoveForm):
    amount = forms.DecimalField(
        label=_("金额（元）"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    on = forms.DateField(label=_("哪一天"), widget=DAY)

    def given(self) -> dict[str, Any]:
        return {"amount_fen": int(self.cleaned_data["amount"] * 100), "on": self.cleaned_data["on"]}


class RateForm(MoveForm):
    level = forms.TypedChoiceField(
        label=_("满意程度"), choices=Level.choices, coerce=int, widget=forms.RadioSelect
    )
    said = forms.CharField(label=_("想说的话"), max_length=500, widget=LINES, required=False)


class ChooseForm(MoveForm):
    """Another offer for the same need, in the order of the day."""

    offer = forms.TypedChoiceField(label=_("另选哪一家"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, offers: list[OfferInfo], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [offer_line(one) for one in offers]
        self.fields["offer"].choices = [  # type: ignore[attr-defined]  # a choice field, declared above
            (one["offer"].id, f"{one['offer'].provider.name} · {one['title']} · {one['price']}")
            for one in lines
        ]


MOVES: dict[str, type[MoveForm]] = {
    "decline": ReasonForm, "quote": QuoteForm, "ask_again": ReasonForm, "deliver": DeliverForm, "redo": ReasonForm,
    "paid": PaidForm, "rate": RateForm, "dispute": ReasonForm, "cancel": ReasonForm, "give_up": ReasonForm,
}  # fmt: skip
"""Moves of an order that ask for something; `choose` has a form that knows the offers."""


class ApplyForm(PlainForm):
    categories = forms.MultipleChoiceField(label=_("提供哪一类服务"), widget=forms.CheckboxSelectMultiple)
    intro = forms.CharField(
        label=_("单位介绍"), max_length=500, widget=LINES, help_text=_("会公开，10到500个字")
    )
    intro_en = forms.CharField(label=_("英文介绍"), max_length=500, widget=LINES, required=False)
    phone = forms.CharField(label=_("业务电话"), max_length=30, help_text=_("会公开"))
    regions = forms.MultipleChoiceField(label=_("服务哪些地区"), widget=forms.CheckboxSelectMultiple)
    proof_number = forms.CharField(label=_("资质证照编号"), max_length=80)
    proof_until = forms.DateField(
        label=_("资质有效期到"), widget=DAY, required=False, help_text=_("长期有效的不填")
    )
    paper = forms.FileField(
        label=_("资质证照的照片或扫描件"), required=False, help_text=_("照片、PDF都可以；补充材料时可以不重复附"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = shelf().market.categories.items()
        proofs = [
            (key, f"{_named(one)}（{one.proof_en if formats.english() else one.proof}）")
            for key, one in known
        ]
        self.fields["categories"].choices = proofs  # type: ignore[attr-defined]  # a choice field, declared above
        self.fields["regions"].choices = divisions()  # type: ignore[attr-defined]  # likewise


class OfferForm(PlainForm):
    need = forms.ChoiceField(label=_("哪一类服务"))
    title = forms.CharField(label=_("服务名称"), min_length=2, max_length=60)
    title_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    scope = forms.CharField(label=_("包括什么、不包括什么"), min_length=10, max_length=500, widget=LINES)
    terms = forms.CharField(label=_("付款、退款和违约的条件"), min_length=10, max_length=500, widget=LINES)
    price = forms.ChoiceField(label=_("怎么收费"), choices=Price.choices, widget=forms.RadioSelect)
    yuan = forms.DecimalField(
        label=_("价格（元）"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2, required=False,
        help_text=_("明码标价的填"),
    )  # fmt: skip
    unit = forms.CharField(label=_("计价单位"), max_length=20, required=False, help_text=_("如：每份、每月"))
    days = forms.IntegerField(label=_("承诺几个工作日交付"), min_value=1, max_value=400)

    def __init__(self, categories: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [
            (key, _named(line))
            for key, (_slug, line) in shelf().needs.items()
            if set(line.by) & set(categories)
        ]
        self.fields["need"].choices = fitting  # type: ignore[attr-defined]  # a choice field, declared above

    def given(self) -> dict[str, Any]:
        """The input of the move `offer`."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        yuan = said.pop("yuan", None)
        return {**said, "price_fen": int(yuan * 100)} if yuan is not None else said
