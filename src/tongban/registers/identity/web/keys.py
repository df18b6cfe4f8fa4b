"""Which single key does what, for oneself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.registers.identity import services
from tongban.registers.identity.access import signed_in_required
from tongban.registers.identity.contracts import ActorRequest
from tongban.registers.identity.models import Account
from tongban.web import shortcuts


class KeysForm(forms.Form):
    """One field per shortcut, each one character."""

    shortcuts = forms.BooleanField(label=gettext_lazy("使用单键快捷键"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in shortcuts.SHORTCUTS:
            self.fields[one.name] = forms.CharField(
                label=str(one.does),
                max_length=1,
                error_messages={"required": gettext_lazy("请填一个键。")},
                widget=forms.TextInput(
                    attrs={
                        "autocomplete": "off",
                        "autocapitalize": "none",
                        "spellcheck": "false",
                        "size": 3,
                        "class": "tb-mono",
                    }
                ),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        taken: dict[str, str] = {}
        for one in shortcuts.SHORTCUTS:
            key = given.get(one.name, "")
            if key and not shortcuts.is_possible(key):
                self.add_error(one.name, ValidationError(_("用一个字母或符号；数字键是办理动作。")))
            elif key and key in taken:
                self.add_error(
                    one.name, ValidationError(_("这个键已经给了“%(other)s”。") % {"other": taken[key]})
                )
            taken.setdefault(key, str(one.does))
        return given

    def rows(self) -> list[forms.BoundField]:
        return [self[one.name] for one in shortcuts.SHORTCUTS]


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in_required
def keys(request: ActorRequest) -> HttpResponse:
    """Switch the single keys off, or put them elsewhere; ui.md section 4."""
    account = request.user
    assert isinstance(account, Account)
    if request.method == "POST" and request.POST.get("reset"):
        services.save_keys(account=account, keymap={}, shortcuts=account.shortcuts)
        messages.success(request, _("快捷键都恢复了。"))
        return redirect("identity:keys")
    now = {"shortcuts": account.shortcuts, **shortcuts.keys_of(account.keymap)}
    form = KeysForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        on = bool(given.pop("shortcuts"))
        services.save_keys(account=account, keymap=shortcuts.changed(given), shortcuts=on)
        messages.success(request, _("快捷键保存好了。"))
        return redirect("identity:keys")
    return render(request, "identity/keys.html", {"form": form}, status=422 if form.errors else 200)
