"""The form of a definition, without its formula."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.kernel.contracts import Actor
from tongban.oversight.insight.contracts import Good, Grain, Measured, Theme
from tongban.oversight.insight.definitions import access
from tongban.oversight.insight.definitions.contracts import Version
from tongban.oversight.insight.months import selectors as months
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.selectors import month
from tongban.registers.catalogue import api as catalogue
from tongban.web.forms import PlainForm

AHEAD, BACK = 12, 24


class DefinitionForm(PlainForm):
    id = forms.CharField(
        label=_("编号"), max_length=80, help_text=_("小写英文，定了不改，如 hotline.night"),
        error_messages={"required": _("请填编号")},
    )  # fmt: skip
    name = forms.CharField(label=_("名称"), max_length=40)
    name_en = forms.CharField(label=_("英文名称"), max_length=80)
    theme = forms.ChoiceField(label=_("归在哪一类"), choices=Theme.choices)
    measured = forms.ChoiceField(label=_("计量单位"), choices=Measured.choices)
    good = forms.ChoiceField(label=_("好的方向"), choices=Good.choices)
    grain = forms.ChoiceField(label=_("最小算到"), choices=Grain.choices, required=False)
    target = forms.DecimalField(
        label=_("目标"), required=False, max_digits=14, decimal_places=2, help_text=_("没有就空着"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}), error_messages={"invalid": _("目标请填数字，如 98 或 98.5")},
    )  # fmt: skip
    owner = forms.ChoiceField(label=_("口径由谁负责"))
    since = forms.ChoiceField(label=_("从哪个月起这样算"))
    source = forms.CharField(
        label=_("依据的法律或者政策"), max_length=200, help_text=_("名称和条款，如：行政许可法 第四十二条")
    )
    reason = forms.CharField(
        label=_("为什么这样定"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写给采纳的人看，记入台账"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, newest: Version | None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if newest is not None:
            del self.fields["id"]
        owners = {*access.owners(actor), *([newest.indicator.owner] if newest else ())}
        self._offer("owner", [(one, catalogue.department_name(one)) for one in sorted(owners)])
        self._offer(
            "since", [(f"{one:%Y-%m}", f"{one:%Y-%m}") for one in possible_months(newest, today=today)]
        )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        found.choices = choices


def possible_months(newest: Version | None, *, today: date) -> list[date]:
    """First days of the months from which a definition may hold, newest first."""
    closed = months.last_closed()
    found = [month(today, back=back).first for back in range(-AHEAD, BACK)]
    floor = newest.since if newest is not None else date.min
    return [one for one in found if one >= floor and (closed is None or one > closed)]


def initial(one: Indicator | None, *, today: date) -> dict[str, Any]:
    """What the form begins with."""
    if one is None:
        return {"since": f"{today:%Y-%m}"}
    return {
        "name": one.name, "name_en": one.name_en, "theme": str(one.theme), "measured": str(one.measured), "good": str(one.good),
        "target": "" if one.target is None else f"{one.target.normalize():f}", "owner": one.owner, "source": one.source,
        "since": f"{today:%Y-%m}", "grain": str(one.grain),
    }  # fmt: skip


def record(said: Mapping[str, Any], *, key: str, formula: Any) -> dict[str, Any]:
    """A definition as it is kept, from the cleaned form."""
    found = {
        "id": said.get("id") or key, "name": said["name"], "name_en": said["name_en"], "theme": said["theme"],
        "measured": said["measured"], "good": said["good"], "owner": said["owner"], "since": f"{said['since']}-01",
        "source": said["source"], "formula": formula, "grain": said.get("grain") or str(Grain.UNIT),
    }  # fmt: skip
    if said.get("target") is not None:
        found["target"] = f"{said['target'].normalize():f}"
    return found
