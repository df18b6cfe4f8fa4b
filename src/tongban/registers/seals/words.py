"""What a verification found, in words for the person who asked."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.registers.seals import contracts
from tongban.registers.seals.contracts import Finding

_WORDS: dict[str, Promise] = {
    contracts.UNREADABLE: _("文件不完整，或者不是本平台出具的格式。请重新下载原件再验。"),
    contracts.TOO_BIG: _("文件过大，不能验证。本平台出具的文件不超过20 MB。"),
    contracts.ACTIVE: _("文件里有脚本、程序或附件，不能验证。本平台出具的文件没有这些。"),
    contracts.ENCRYPTED: _("文件设了密码，不能验证。请提供没有密码的原件。"),
    contracts.UNSIGNED: _("文件上没有电子签名。打印、拍照或另存后的文件没有签名，请提供原件。"),
    contracts.CHANGED: _("内容和盖章时不一样，被改过。"),
    contracts.APPENDED: _("盖章以后文件里又加了内容。"),
    contracts.BAD_SIGNATURE: _("签名不成立。"),
    contracts.MISSING_SIGNATURE: _("缺少应有的一项签名。"),
    contracts.UNKNOWN_SIGNER: _("签名人不是本市登记的单位。"),
    contracts.NOT_YET_VALID: _("签名时间早于印章启用时间。"),
    contracts.EXPIRED: _("签名时印章已过有效期。"),
    contracts.REVOKED: _("签名时印章已注销，不可信。"),
    contracts.FUTURE: _("签名时间晚于现在。"),
    contracts.LATER_REVOKED: _("印章在盖这份文件以后注销，这份文件仍然有效。"),
    contracts.LATER_EXPIRED: _("印章在盖这份文件以后到期，这份文件仍然有效。"),
    contracts.REVOCATION_UNKNOWN: _("没有核对印章是否注销。"),
}


def words_of(finding: Finding) -> str:
    """One sentence in the reader's language."""
    said = str(_WORDS[finding.code])
    return f"{said}（{finding.detail}）" if finding.detail in contracts.ALGORITHMS else said
