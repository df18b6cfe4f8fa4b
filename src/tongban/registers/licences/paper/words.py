"""What the comparison of a file says to who sent it: what is wrong, and what is still possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.registers.licences.paper import contracts as codes


@dataclass(frozen=True, slots=True)
class Said:
    """`kind` is that of a banner: done, warn, error."""

    told: str | Promise
    possible: str | Promise
    kind: str = "error"


_ASK = _("请向持有人要原文件，或扫纸面上的二维码、输入编号核验。")
SAID: Final = {
    codes.SAME: Said(_("文件和颁发的一模一样，一个字节没动，印章和签名有效。"), _("证照现在是否有效，看下面的状态。"), "done"),
    codes.GENUINE: Said(_("文件由发证机关盖章，盖章后没有改动。"), _("证照现在是否有效，看下面的状态。"), "done"),
    codes.STATEMENT: Said(_("数据由发证机关签名（国密SM2和P-256两种），签名后没有改动。"), _("证照现在是否有效，看下面的状态。"), "done"),
    codes.CHANGED: Said(_("文件和颁发的不一样，盖章以后被改动过，不能采信。"), _ASK),
    codes.TRUNCATED: Said(_("文件不完整或读不出来，可能没有传完，也可能被截断。"), _("请重新下载或让对方重发；也可以扫纸面上的二维码、输入编号核验。"), "warn"),
    codes.UNSIGNED: Said(_("文件上没有电子印章，不是本市颁发的电子证照文件。"), _("扫描件、照片和“打印为PDF”的文件没有印章，请扫上面的二维码核验，或向持有人要原文件。")),
    codes.FORGED: Said(_("盖章的不是有效的发证机关印章，不能采信。"), _("遇到伪造证照可以打12345举报；真证照可以扫二维码或输入编号核验。")),
    codes.ACTIVE: Said(_("文件里带有脚本、程序或附件，没有打开，也不能采信。"), _ASK),
    codes.TOO_BIG: Said(_("文件太大或解压后过大，没有打开。电子证照文件只有几百KB。"), _ASK),
    codes.ENCRYPTED: Said(_("文件设了密码，没法核对。本市颁发的证照文件不设密码。"), _ASK),
    codes.NO_LICENCE: Said(_("这不是电子证照文件：要的是下载的PDF，或者证照数据（JSON）。"), _("照片和扫描件请改扫上面的二维码，或输入证照编号。"), "warn"),
    codes.UNKNOWN: Said(_("签名是真的，但证照库里没有对应的证照。"), _("可能不是证照文件，或者是别的机关盖的章；请输入编号核验，或打12345。"), "warn"),
    codes.OTHER: Said(_("文件是真的，但它是另一份证照，不是您扫码的这一份。"), _("下面是文件对应的证照。两份对不上，请让持有人说明。"), "warn"),
}  # fmt: skip
