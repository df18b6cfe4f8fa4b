"""The component gallery: every component in every state, for eyes and for the browser tests.

Shown in demo and debug only; nothing here comes from a database.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from tongban.web.contracts import (
    Chip,
    ClockState,
    ClockView,
    Figure,
    MoveButton,
    Page,
    Reusable,
    Slot,
    TimelineEntry,
    Upload,
)
from tongban.web.forms import PlainForm

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·阿布都克里木·艾合买提江"  # 25 characters without the dots


class Example(PlainForm):
    """One field of every kind."""

    shop = forms.CharField(label=_("店铺名称"), help_text=_("和招牌上一样"), max_length=100)
    idno = forms.CharField(label=_("身份证号"))
    cooks = forms.ChoiceField(
        label=_("店里现场做菜吗？"),
        widget=forms.RadioSelect,
        choices=[("yes", _("做")), ("no", _("不做")), ("unsure", _("不清楚"))],
    )
    region = forms.ChoiceField(
        label=_("所在地区"), choices=[("421202", _("咸安区")), ("421281", _("赤壁市"))]
    )
    note = forms.CharField(label=_("补充说明"), widget=forms.Textarea, required=False)
    notices = forms.BooleanField(label=_("办理进度发短信告诉我"), required=False)


def clocks() -> list[ClockView]:
    """One clock of each state."""
    due = datetime(2026, 12, 2, tzinfo=NOW.tzinfo)  # 24:00 of 1 December
    return [
        ClockView(state=ClockState.ON_TIME, due_at=due, left=7),
        ClockView(
            state=ClockState.NEAR,
            due_at=NOW + timedelta(hours=3),
            left=3,
            unit="working_hours",
            whole_day=False,
        ),
        ClockView(state=ClockState.OVERDUE, due_at=NOW - timedelta(days=2), left=1),
        ClockView(state=ClockState.SUSPENDED, due_at=due, left=3, note=str(_("专家评审，不计入办理时间"))),
        ClockView(
            state=ClockState.ON_TIME,
            due_at=datetime(2027, 1, 9, tzinfo=NOW.tzinfo),
            left=34,
            provisional=True,
        ),
        ClockView(state=ClockState.DONE, due_at=due),
        ClockView(state=ClockState.MISSED, due_at=due),
    ]


def entries() -> list[TimelineEntry]:
    return [
        TimelineEntry(
            at=NOW,
            what=str(_("现场核查通过")),
            who=str(_("市场监管局")),
            next=str(_("11月25日前作出决定")),
        ),
        TimelineEntry(
            at=NOW - timedelta(days=2), what=str(_("已收下，开始计时（受理）")), who=str(_("政务服务大厅"))
        ),
        TimelineEntry(at=NOW - timedelta(days=3), what=str(_("您提交了申请")), note=LONG_NAME),
    ]


def slots() -> list[Slot]:
    return [
        Slot(
            name="licence",
            label=str(_("营业执照")),
            reuse=(
                Reusable(value="1", label=str(_("营业执照（咸安区某餐饮店）")), source=str(_("市场监管局"))),
            ),
            chosen="1",
        ),
        Slot(
            name="photo",
            label=str(_("门头照")),
            help=str(_("能看清招牌和整个门面")),
            sample_url="#sample",
            mistakes=(str(_("只拍了招牌")), str(_("晚上拍，看不清"))),
            error=str(_("这个文件打不开，请换一个")),
        ),
        Slot(
            name="plan",
            label=str(_("平面图")),
            files=(Upload(name="平面图.pdf", size=1_468_006, url="#plan"),),
            later=str(_("先办，这份12月1日前补（容缺）")),
            required=False,
        ),
    ]


def moves() -> list[MoveButton]:
    return [
        MoveButton(name="accept", label=str(_("受理申请")), url="#accept", primary=True),
        MoveButton(name="extend", label=str(_("申请延期")), url="#extend"),
        MoveButton(name="close", label=str(_("办结")), refused=str(_("不可办结：缺现场照片"))),
        MoveButton(name="reject", label=str(_("不予受理")), url="#reject", danger=True),
    ]


def figures() -> list[Figure]:
    return [
        Figure(label=str(_("超期")), value="12", url="#late", denominator="12/87"),
        Figure(label=str(_("按时办结率")), value="99.96%", url="#rate", denominator="25,489/25,499"),
        Figure(label=str(_("今日申请")), value="318", url="#today"),
        Figure(label=str(_("满意率")), value="86.54%", url="#happy", denominator="3,113/3,597"),
    ]


LAYOUTS = {name: f"web/gallery_{name}.html" for name in ("portal", "workbench", "screen")}


def show(request: HttpRequest) -> HttpResponse:
    """``/gallery?face=workbench`` (portal, workbench, screen)."""
    face = request.GET.get("face", "portal")
    if "message" in request.GET:
        messages.success(request, _("已提交，编号 421200-20261122-000017-X"))
    wrong = Example(data={"shop": LONG_NAME}, auto_id="wrong_%s")
    rows = [
        {"number": f"421200-20261122-{n:06d}-X", "title": title, "clock": clock, "name": LONG_NAME}
        for n, (title, clock) in enumerate(zip([_("食品经营许可")] * 5, clocks()[:5], strict=True), start=17)
    ]
    context = {
        "now": NOW, "clocks": clocks(), "empty_form": Example(auto_id="plain_%s"), "wrong_form": wrong,
        "page": Page(previous="a", next="b", total=318_679), "last_page": Page(previous="a"),
        "entries": entries(), "slots": slots(), "buttons": moves(), "figures": figures(), "rows": rows,
        "chips": [Chip(label=str(_("咸安区")), remove_url="?"), Chip(label=str(_("临期")), remove_url="?")],
        "long_name": LONG_NAME, "lone_share": 0.999999,
    }  # fmt: skip
    return render(request, LAYOUTS.get(face, LAYOUTS["portal"]), context)
