"""What becomes of an order of a market service 增值服务订单: a contract between company and provider, told step by step.

优化营商环境条例 第四十三条: nobody may be made to buy a service of an intermediary, nor to buy it from a named one. So an order is
the company's own wish at every step: nothing lawful waits for it, silence never costs anything, and the platform takes
no money. Silence of the provider passes the order on, if the company wished so, or gives it back; silence of the company
after a delivery is taken as confirmed, which it is told beforehand. All lengths are data: packs/bundles/_market.yaml.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.actors.api import any_of, system_only
from tongban.desks.bundles import inputs
from tongban.desks.bundles.access import company, order_scope, order_sees, provider, specialist
from tongban.desks.bundles.contracts import ORDER
from tongban.desks.bundles.guards import provider_in_place
from tongban.desks.bundles.limits import SOURCE, limit
from tongban.kernel.flow.declaration import ANY, Flow, Limit, Move, Opens, State, natural_days
from tongban.kernel.flow.registry import register

ANSWER = limit("answer", _("服务商接单"), on_due="pass_on")
QUOTE = limit("quote", _("服务商报价"), on_due="pass_on")
CONSIDER = limit("consider", _("企业考虑报价"), on_due="lapse")
CHOOSE = limit("choose", _("企业另选服务商"), on_due="lapse")
CONFIRM = limit("confirm", _("企业确认交付"), on_due="presume")
RATE = limit("rate", _("企业评价"), on_due="close")
MEDIATE = limit("mediate", _("调处争议"), ours=True)
REDO = limit("redo", _("补做"), on_due="overdue")
DELIVER = Limit(
    "deliver", _("服务商交付"), natural_days(1), on_due="overdue", whose="applicant", source=SOURCE
)
"""Its length is the agreed one: the effects start it."""

FLOW = register(
    Flow(
        ORDER, _("增值服务订单"), prefix="PS", version=1,
        states=(
            State("asked", _("待接单")),
            State("returned", _("待企业另选"), waits=True, told=_("没有接成，请另选一家或取消")),
            State("accepted", _("待报价"), told=_("已接单，正在报价")),
            State("quoted", _("待企业确认报价"), waits=True, told=_("已报价，请您决定")),
            State("agreed", _("服务中")),
            State("delivered", _("待企业确认交付"), waits=True, told=_("已交付，请您确认")),
            State("confirmed", _("已确认，待评价"), waits=True),
            State("disputed", _("争议调处中")),
            State("closed", _("已完成"), final=True),
            State("ended", _("已终止"), final=True),
            State("cancelled", _("已取消"), final=True),
        ),
        opens=(Opens("ask", _("下单"), "asked", starts=(ANSWER,), tells=_("订单已发给服务商")),),
        moves=(
            # The provider answers
            Move("accept", _("接单"), "asked", "accepted", provider, stops=("answer",), guard=provider_in_place, primary=True,
                 tells=_("服务商已接单")),
            Move("decline", _("不接单"), "asked", "returned", provider, inputs.Reason, stops=("answer",), danger=True,
                 tells=_("服务商没有接单")),
            Move("pass_on", _("没有回应"), ("asked", "accepted"), "returned", system_only, stops=("answer", "quote"),
                 tells=_("服务商在期限内没有回应")),
            Move("choose", _("另选一家"), "returned", "asked", company, inputs.Chosen, stops=("choose",), starts=(ANSWER,),
                 primary=True, tells=_("订单已发给另一家服务商")),
            # They agree
            Move("quote", _("报价"), "accepted", "quoted", provider, inputs.Quote, stops=("quote",), starts=(CONSIDER,),
                 primary=True, tells=_("服务商已报价")),
            Move("ask_again", _("请重新报价"), "quoted", "accepted", company, inputs.Reason, stops=("consider",),
                 starts=(QUOTE,), tells=_("请服务商重新报价")),
            Move("agree", _("同意报价"), "quoted", "agreed", company, stops=("consider",), guard=provider_in_place, primary=True,
                 tells=_("双方已约定")),
            # It is done
            Move("deliver", _("交付"), "agreed", "delivered", provider, inputs.Delivered, stops=("deliver", "redo"),
                 starts=(CONFIRM,), primary=True, tells=_("服务商已交付")),
            Move("overdue", _("超过约定期限"), "agreed", None, system_only, stops=("deliver", "redo"),
                 tells=_("服务商超过了约定的期限")),
            Move("redo", _("还没做完"), "delivered", "agreed", company, inputs.Reason, stops=("confirm",), starts=(REDO,),
                 tells=_("请服务商补做")),
            Move("confirm", _("确认交付"), "delivered", "confirmed", company, stops=("confirm",), starts=(RATE,), primary=True,
                 tells=_("您已确认交付")),
            Move("presume", _("到期视为确认"), "delivered", "confirmed", system_only, stops=("confirm",), starts=(RATE,),
                 tells=_("到期没有提出不同意见，视为确认")),
            Move("paid", _("说明付款"), ("agreed", "delivered", "confirmed", "disputed"), None, any_of(company, provider),
                 inputs.Paid, tells=_("写下了一笔付款")),
            Move("rate", _("评价"), "confirmed", "closed", any_of(company, system_only), inputs.Rated, stops=("rate",),
                 outcome="delivered", primary=True, tells=_("您已评价")),
            Move("close", _("到期结束"), "confirmed", "closed", system_only, stops=("rate",), outcome="delivered",
                 tells=_("订单已完成")),
            # They do not agree
            Move("dispute", _("提出争议"), ("agreed", "delivered", "confirmed"), "disputed", any_of(company, provider),
                 inputs.Reason, starts=(MEDIATE,), danger=True, tells=_("已请企业服务专员调处")),
            Move("go_on", _("调处：继续履行"), "disputed", "agreed", specialist, inputs.GoOn, stops=("mediate",), primary=True,
                 tells=_("调处结果：继续履行")),
            Move("hold", _("调处：算已交付"), "disputed", "confirmed", specialist, inputs.Ruling, stops=("mediate",),
                 starts=(RATE,), tells=_("调处结果：已按约交付")),
            Move("part", _("调处：终止订单"), "disputed", "ended", specialist, inputs.Ruling, stops=("mediate",),
                 outcome="ended", confirms=True, tells=_("调处结果：终止订单")),
            # They stop
            Move("cancel", _("取消订单"), ("asked", "returned", "accepted", "quoted", "agreed"), "cancelled", company,
                 inputs.Reason, outcome="cancelled", danger=True, tells=_("您取消了订单")),
            Move("give_up", _("做不了"), ("accepted", "quoted", "agreed"), "returned", provider, inputs.Reason, danger=True,
                 tells=_("服务商说做不了")),
            Move("lapse", _("到期取消"), ("returned", "quoted"), "cancelled", system_only, outcome="lapsed",
                 tells=_("到期没有决定，订单取消，不产生费用")),
            Move("note", _("内部备注"), ANY, None, specialist, inputs.Note),
        ),
        scope=order_scope, sees=order_sees,
    )
)  # fmt: skip
