"""The form of a subscription."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongban.actors import api as actors
from tongban.kernel.contracts import Actor
from tongban.oversight.insight import names, words
from tongban.oversight.insight.definitions.selectors import indicators
from tongban.oversight.insight.subscriptions.contracts import When
from tongban.web.forms import PlainForm


class SubscriptionForm(PlainForm):
    indicator = forms.ChoiceField(label=_("哪个指标"))
    region = forms.ChoiceField(label=_("看哪里"), required=False)
    when = forms.ChoiceField(label=_("什么时候告诉我"), choices=When.choices)
    threshold = forms.DecimalField(
        label=_("界限"), required=False, max_digits=14, decimal_places=2, help_text=_("选“高于”或“低于”时填"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
        error_messages={"invalid": _("请填数字，如 95 或 95.5")},
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = actors.day_of(timezone.now())
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, one in indicators(on=today).items():
            groups.setdefault(str(one.theme.label), []).append((key, words.name(one)))
        self._offer("indicator", list(groups.items()))
        self._offer("region", [("", _("归我看的全部")), *names.below(actor)])

    def _offer(self, name: str, choices: list[Any]) -> None:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        found.choices = choices
