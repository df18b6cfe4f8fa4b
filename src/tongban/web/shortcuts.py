"""The single keys of ui.md §4 that one may put elsewhere. Digits, F-keys and Ctrl stay where they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What a key does, and the key it has unless somebody chose another."""

    name: str
    key: str
    does: Promise


SHORTCUTS = (
    Shortcut("help", "?", _("显示或收起本表")),
    Shortcut("search", "/", _("搜索")),
    Shortcut("go", "g", _("前往（再按一个字母）")),
    Shortcut("down", "j", _("下一行")),
    Shortcut("up", "k", _("上一行")),
    Shortcut("select", "x", _("选中本行")),
    Shortcut("previous", "[", _("上一件")),
    Shortcut("next", "]", _("下一件")),
    Shortcut("copy", ".", _("复制编号")),
    Shortcut("note", "n", _("写备注")),
    Shortcut("reply", "r", _("写答复")),
    Shortcut("undo", "u", _("撤回上一步")),
)
DEFAULTS = {one.name: one.key for one in SHORTCUTS}


def keys_of(chosen: Mapping[str, str]) -> dict[str, str]:
    """Every shortcut's key: the chosen one, else its own."""
    return {name: chosen.get(name, key) for name, key in DEFAULTS.items()}


def changed(keys: Mapping[str, str]) -> dict[str, str]:
    """Only what differs from the shortcuts' own keys: this is kept."""
    return {name: key for name, key in keys.items() if name in DEFAULTS and key != DEFAULTS[name]}


def is_possible(key: str) -> bool:
    """One visible character that is no digit: digits are the docket's moves."""
    return len(key) == 1 and key.isprintable() and not key.isspace() and not key.isdecimal()


def for_script(chosen: Mapping[str, str]) -> str:
    """JSON for `data-keymap`: pressed key → the key it stands for; a key given away stands for nothing."""
    keys = keys_of(chosen)
    given_away = {DEFAULTS[name]: "" for name in changed(keys)}
    return json.dumps(given_away | {key: DEFAULTS[name] for name, key in keys.items() if name in chosen})
