"""Forms of benefits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongban.actors import api as actors
from tongban.desks.policies.claims.contracts import NewAccount
from tongban.desks.policies.claims.giving import NewGiven
from tongban.kernel.rules.elements import Type
from tongban.registers.portraits.contracts import ElementInfo
from tongban.web.forms import PlainForm

ACCOUNT = ("holder", "account", "bank")


class AccountForm(PlainForm):
    holder = forms.CharField(
        label=_("户名"), max_length=100, error_messages={"required": _("请填账户的户名")}
    )
    account = forms.CharField(
        label=_("账号"), max_length=40, help_text=_("6到32位数字，空格和横线可以不管"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("请填账号")},
    )  # fmt: skip
    bank = forms.CharField(
        label=_("开户银行"), max_length=60, error_messages={"required": _("请填开户银行，写到支行")}
    )

    def new(self) -> NewAccount:
        """The account that was filled in."""
        return NewAccount(*(self.cleaned_data[name] for name in ACCOUNT))


class GivenForm(PlainForm):
    """What was waived or done for somebody, by one of these measures."""

    measure = forms.ChoiceField(label=_("哪一项"), error_messages={"required": _("请选哪一项")})
    number = forms.CharField(
        label=_("统一社会信用代码或身份证号"), max_length=18,
        widget=forms.TextInput(attrs={"autocomplete": "off"}), error_messages={"required": _("请填号码")},
    )  # fmt: skip
    given_on = forms.DateField(
        label=_("哪天享受"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), error_messages={"required": _("请填日期")}
    )  # fmt: skip
    yuan = forms.DecimalField(
        label=_("价值（元）"), min_value=Decimal("0.01"), max_digits=15, decimal_places=2, required=False,
        help_text=_("减免了多少；说不清的不填"),
    )  # fmt: skip

    def __init__(self, measures: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = measures  # type: ignore[attr-defined]  # a choice field, declared above

    def clean_number(self) -> str:
        """The party behind the number."""
        said = self.cleaned_data["number"]
        party = actors.find_organisation(said) or actors.find_person(said)
        if party is None:
            raise forms.ValidationError(_("没有这个号码的单位或个人。请核对。"))
        return party

    def new(self) -> NewGiven:
        """What was filled in."""
        said = self.cleaned_data
        fen = None if said["yuan"] is None else int(said["yuan"] * 100)
        return NewGiven(said["measure"], said["number"], said["given_on"], fen)


class CodeForm(PlainForm):
    code = forms.CharField(
        label=_("兑现码"), max_length=20, help_text=_("短信里的12位字母和数字"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        error_messages={"required": _("请填短信里的兑现码")},
    )  # fmt: skip


class ObjectionForm(PlainForm):
    place = forms.IntegerField(
        label=_("名单第几位"),
        min_value=1,
        error_messages={"required": _("请填名单第几位"), "invalid": _("请填数字")},
    )
    text = forms.CharField(
        label=_("哪里不对"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写事实和线索。您是谁只有核查的单位知道。"), error_messages={"required": _("请写哪里不对")},
    )  # fmt: skip


class ReasonForm(PlainForm):
    reason = forms.CharField(
        label=_("理由和依据"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("对方能看到，不写姓名和号码"), error_messages={"required": _("请写理由和依据")},
    )  # fmt: skip


class SupplyForm(PlainForm):
    text = forms.CharField(
        label=_("补充说明"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写补充了什么")},
    )  # fmt: skip
    paper = forms.FileField(label=_("证明材料"), required=False, help_text=_("照片、PDF都可以，20MB以内"))


class ProofForm(PlainForm):
    """A value and a paper for everything that is not known, and whatever the claimant wants to say."""

    said = forms.CharField(
        label=_("要说明的"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, missing: Sequence[ElementInfo] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = list(missing)
        for place, info in enumerate(self.missing):
            self.fields[f"value{place}"] = _field(info)
            self.fields[f"paper{place}"] = forms.FileField(
                label=_("“%(name)s”的证明") % {"name": info.name_in(get_language() or "")},
                help_text=_("照片、PDF都可以，20MB以内"), error_messages={"required": _("请传一份证明材料")},
            )  # fmt: skip

    def proven(self) -> dict[str, Any]:
        """Values by key of the element, as its type holds them."""
        return {
            info.key: _typed(info, self.cleaned_data[f"value{place}"])
            for place, info in enumerate(self.missing)
        }

    def papers(self) -> Mapping[str, Any]:
        """The files by key of the element."""
        return {info.key: self.cleaned_data[f"paper{place}"] for place, info in enumerate(self.missing)}


def _field(info: ElementInfo) -> forms.Field:
    language = get_language() or ""
    label = info.name_in(language)
    said = {
        "required": _("请填“%(name)s”") % {"name": label},
        "invalid": _("“%(name)s”填得不对") % {"name": label},
    }
    if info.type is Type.BOOLEAN:
        return forms.ChoiceField(
            label=label, choices=[("", "—"), ("yes", _("是")), ("no", _("否"))], error_messages=said
        )
    if info.type is Type.MONEY:
        return forms.DecimalField(
            label=_("%(name)s（元）") % {"name": label}, min_value=Decimal(0), max_digits=15, decimal_places=2,
            error_messages=said,
        )  # fmt: skip
    if info.type is Type.NUMBER:
        return forms.DecimalField(label=label, max_digits=15, decimal_places=4, error_messages=said)
    if info.type is Type.DATE:
        return forms.DateField(
            label=label,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages=said,
        )
    if info.words:
        choices = [("", "—"), *((word, info.word_in(word, language)) for word in info.words)]
        return forms.ChoiceField(label=label, choices=choices, error_messages=said)
    return forms.CharField(label=label, max_length=200, error_messages=said)


def _typed(info: ElementInfo, value: Any) -> Any:
    if info.type is Type.BOOLEAN:
        return value == "yes"
    if info.type is Type.MONEY:
        return int(value * 100)
    if info.type is Type.NUMBER:
        assert isinstance(value, Decimal)
        return int(value) if value == value.to_integral_value() else value
    if info.type is Type.DATE:
        assert isinstance(value, date)
        return value
    return [value] if info.type is Type.TEXTS else value
