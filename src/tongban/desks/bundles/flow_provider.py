"""Who may offer services on the platform 服务商入驻: checked, under a dated agreement, suspended and removed with a reason.

The desk admits every provider that meets the published conditions; it picks none (优化营商环境条例 第四十三条). An agreement
ends with its last day, and then nothing of the provider is shown until it is renewed.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import any_of, applicant, default_scope, default_sees, system_only
from tongban.desks.bundles import inputs
from tongban.desks.bundles.access import specialist
from tongban.desks.bundles.contracts import PROVIDER
from tongban.desks.bundles.guards import still_registered
from tongban.desks.bundles.limits import SOURCE, limit
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, natural_days
from tongban.kernel.flow.registry import register

ADMIT = limit("admit", _("审核入驻"), ours=True)
SUPPLY = limit("supply", _("补充材料"), on_due="lapse")
AGREEMENT = Limit(
    "agreement", _("协议有效期"), natural_days(1), on_due="expire", whose="applicant", source=SOURCE
)
"""Its length is the agreement's: the effects start it."""

PROVIDING = register(
    Flow(
        PROVIDER, _("服务商"), prefix="PV", version=1,
        states=(
            State("applied", _("待审核")),
            State("asked_more", _("待补充"), waits=True),
            State("admitted", _("已入驻")),
            State("suspended", _("已暂停")),
            State("expired", _("协议到期"), waits=True),
            State("refused", _("没有通过"), final=True),
            State("removed", _("已清退"), final=True),
            State("left", _("已退出"), final=True),
        ),
        opens=(Opens("apply", _("申请入驻"), "applied", starts=(ADMIT,), tells=_("入驻申请已收到")),),
        moves=(
            Move("admit", _("同意入驻"), "applied", "admitted", specialist, inputs.Agreement, stops=("admit",),
                 guard=still_registered, primary=True, confirms=True, tells=_("已入驻，可以上架服务")),
            Move("ask_more", _("要求补充"), "applied", "asked_more", specialist, inputs.Reason, stops=("admit",),
                 starts=(SUPPLY,), tells=_("请补充材料")),
            Move("supply", _("补充好了"), "asked_more", "applied", applicant, stops=("supply",), starts=(ADMIT,), primary=True,
                 tells=_("补充的材料已收到")),
            Move("refuse", _("不同意入驻"), "applied", "refused", specialist, inputs.Reason, stops=("admit",),
                 outcome="refused", danger=True, confirms=True, tells=_("入驻申请没有通过")),
            # What it offers
            Move("offer", _("上架服务"), "admitted", None, applicant, inputs.Offered, tells=_("新服务等核对")),
            Move("show_offer", _("展示服务"), "admitted", None, specialist, inputs.OfferChecked, primary=True,
                 tells=_("服务已展示")),
            Move("refuse_offer", _("不展示服务"), ("admitted", "suspended"), None, specialist, inputs.OfferRefused,
                 tells=_("服务没有通过核对，理由见说明")),
            Move("withdraw_offer", _("撤下服务"), ("admitted", "suspended", "expired"), None, any_of(applicant, specialist),
                 inputs.OfferChecked, tells=_("服务已撤下")),
            # How it stands
            Move("suspend", _("暂停"), "admitted", "suspended", specialist, inputs.Reason, danger=True, confirms=True,
                 tells=_("已暂停接单")),
            Move("resume", _("恢复"), "suspended", "admitted", specialist, inputs.Reason, guard=still_registered, primary=True,
                 tells=_("已恢复接单")),
            Move("renew", _("续签协议"), ("admitted", "expired"), "admitted", specialist, inputs.Agreement,
                 guard=still_registered, tells=_("协议已续签")),
            Move("expire", _("协议到期"), ("admitted", "suspended"), "expired", system_only, stops=("agreement",),
                 tells=_("协议到期，不再展示")),
            Move("remove", _("清退"), ("admitted", "suspended", "expired"), "removed", specialist, inputs.Reason,
                 outcome="removed", danger=True, confirms=True, tells=_("已清退")),
            Move("leave", _("退出"), ("applied", "asked_more", "admitted", "suspended", "expired"), "left", applicant,
                 outcome="left", danger=True, tells=_("您已退出")),
            Move("lapse", _("到期没有补充"), "asked_more", "left", system_only, outcome="lapsed", tells=_("到期没有补充，申请作罢")),
            Move("note", _("内部备注"), ANY, None, specialist, inputs.Note),
        ),
        scope=default_scope, sees=default_sees,
    )
)  # fmt: skip
