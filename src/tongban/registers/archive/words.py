"""What the verification of a package found, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.registers.archive import contracts
from tongban.registers.archive.contracts import Fault

_WORDS: dict[str, Promise] = {
    contracts.UNREADABLE: _("不是本平台的电子档案，或者已经打不开。"),
    contracts.TRUNCATED: _("档案不完整，后面的内容没有了。"),
    contracts.BROKEN: _("档案的结构被改动过。"),
    contracts.MISSING: _("少了文件。"),
    contracts.ADDED: _("多了清单上没有的文件。"),
    contracts.CHANGED: _("文件被改过。"),
    contracts.MANIFEST_CHANGED: _("清单和签名时不一样。"),
    contracts.SIGNATURE_BAD: _("归档单位的签名不成立。"),
    contracts.COVER_BAD: _("封面的电子印章不成立。"),
    contracts.LEDGER_BAD: _("台账被改过。"),
    contracts.ROOT_UNKNOWN: _("签名不是给定的根证书认可的单位作出的。"),
}


def words_of(fault: Fault) -> str:
    """One line in the reader's language, with the member and the detail."""
    more = " ".join(part for part in (fault.where, fault.detail) if part)
    said = str(_WORDS[fault.code])
    return f"{said} {more}" if more else said
