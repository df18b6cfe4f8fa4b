"""What the ledger's entries of a payment are called on an auditor's page: of lists, claims, dues and batches."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "draw": _("拟定名单"), "again": _("逾期后确认"), "publish": _("公示名单"), "object": _("收到异议"), "conclude": _("公示期满"),
    "release": _("核查后恢复"), "succeed": _("由承继单位领取"), "bundle": _("送财政发放"), "lapse": _("确认期满"), "finish": _("办结"),
    "exclude": _("不再享受"), "withdraw": _("撤回"), "note": _("内部备注"), "hold": _("暂停核查"), "confirm": _("本人确认账户"),
    "decline": _("本人放弃"), "correct": _("更正账户"), "trace": _("审计查看"), "bank_paid": _("银行：已到账"),
    "bank_returned": _("银行：已退回"), "bank_paying": _("重新发放"), "recover": _("已追回"), "claim": _("申领"), "queue": _("申领（排队）"),
    "move_up": _("递补"), "ask": _("要求补充"), "supply": _("补充"), "approve": _("同意"), "refuse": _("不同意"), "send": _("送财政发放"),
    "bounce": _("没到账"), "resend": _("重新发放"), "arrive": _("到账"), "prepare": _("财政制单"), "check": _("财政初审"),
    "answer": _("银行回盘"), "fall_short": _("有未到账的"), "amend": _("收款人更正账号"), "drop": _("不再发放一笔"), "close": _("结清"),
}  # fmt: skip
"""The batch's ``approve``, ``confirm`` and ``correct`` read the same words: what was done is told by who did it."""
