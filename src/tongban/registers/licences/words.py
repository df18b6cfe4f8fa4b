"""How the standing of a licence is said everywhere: word, sign and colour (ui.md: never colour alone)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.actors import api as actors
from tongban.web.formats import english


@dataclass(frozen=True, slots=True)
class Standing:
    """`sign` is an icon, `tone` a state of the shell's sheet, `meaning` what the reader can make of it."""

    word: str | Promise
    sign: str
    tone: str
    meaning: str | Promise


STANDINGS: Final = {
    "valid": Standing(_("有效"), "check-circle", "on_time", _("可以使用。")),
    "expired": Standing(_("已过期"), "clock-history", "overdue", _("有效期已过，不能再用；持有人可以申请延续或重新办理。")),
    "not_yet": Standing(_("未到生效日"), "clock", "provisional", _("已经颁发，到起始日才有效。")),
    "suspended": Standing(_("暂扣"), "pause-circle", "suspended", _("发证机关暂扣期间不能使用；恢复以后这里会变成有效。")),
    "revoked": Standing(_("已撤销或吊销"), "x-circle", "overdue", _("已经失效，不能使用；有疑问请问发证机关。")),
    "replaced": Standing(_("已换发"), "arrow-right", "near", _("已经换成新证，请让持有人出示新证。")),
    "cancelled": Standing(_("已注销"), "x-circle", "overdue", _("已经失效，不能使用。")),
    "partly": Standing(_("部分有效"), "exclamation-triangle", "near", _("其中有的许可已经失效，看下面每一份的状态；其余照常有效。")),
    "lapsed": Standing(_("主要许可已失效"), "x-circle", "overdue", _("少了必需的许可，这张综合许可证不能再用；仍有效的许可可以单独使用。")),
    "outdated": Standing(_("旧版本"), "arrow-counterclockwise", "near", _("这份证照更正或延续过，请让持有人出示新版本。")),
}  # fmt: skip


def standing(value: str) -> Standing:
    """The words for a standing."""
    return STANDINGS[value]


def kind_name(names: tuple[str, str]) -> str:
    """The name of a kind in the reader's language."""
    return names[1] if english() and names[1] else names[0]


def unit_name(unit: str, known: str = "") -> str:
    """The name of a unit in the reader's language.

    :param known: its name in Chinese, where that is at hand
    """
    try:
        found = actors.unit(unit)
    except actors.NotKnownError:
        return known or unit
    return found.name_en if english() and found.name_en else known or found.name
