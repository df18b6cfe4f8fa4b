from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.translation import override

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
    clock_state,
)  # fmt: skip
from tongban.web.forms import PlainForm

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 14, 5, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 12, 2, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def chinese():
    with override("zh-hans"):
        yield


def draw(source, **values):
    return Template(source).render(Context(values))


def clock(**values):
    return draw("{% clock_badge clock %}", clock=ClockView(**values))


# The clock


def test_a_limit_at_24_00_names_the_day_that_ends():
    html = clock(state=ClockState.ON_TIME, due_at=MIDNIGHT, left=3)
    assert "剩3个工作日·12月1日（周二）前" in html
    assert "正常" in html
    assert "tb-state--on_time" in html


def test_hours_show_the_hour():
    html = clock(state=ClockState.NEAR, due_at=NOW, left=3, unit="working_hours", whole_day=False)
    assert "剩3小时·11月22日（周日） 14:05前" in html
    assert "临期" in html


def test_overdue_tells_by_how_much_and_since_when():
    html = clock(state=ClockState.OVERDUE, due_at=NOW, left=2)
    assert "超期" in html
    assert "超2个工作日·原定11月22日（周日）前" in html


def test_suspended_shows_what_is_left_and_why_but_no_date():
    html = clock(state=ClockState.SUSPENDED, due_at=MIDNIGHT, left=3, note="专家评审")
    assert "暂停" in html
    assert "专家评审" in html
    assert "12月1日" not in html


def test_provisional_says_when_it_is_recomputed_and_names_the_year():
    html = clock(
        state=ClockState.ON_TIME, due_at=datetime(2027, 1, 9, tzinfo=SHANGHAI), left=34, provisional=True
    )
    assert "暂定" in html
    assert "2027年1月8日（周五）前" in html
    assert "2027年放假安排公布后重算" in html


def test_finished_is_plain_text():
    html = clock(state=ClockState.DONE, due_at=MIDNIGHT)
    assert "按时办结" in html
    assert "tb-state" not in html


def test_no_clock_draws_nothing():
    assert draw("{% clock_badge clock %}", clock=None).strip() == ""


def test_an_unknown_state_is_told():
    with pytest.raises(ValueError, match="possible are"):
        draw("{% clock_badge clock %}", clock={"state": "late"})


@pytest.mark.parametrize(
    ("instants", "state"),
    [
        ({}, ClockState.ON_TIME),
        ({"warn_at": NOW}, ClockState.NEAR),
        ({"warn_at": NOW + timedelta(hours=1)}, ClockState.ON_TIME),
        ({"suspended_at": NOW}, ClockState.SUSPENDED),
        ({"due_at": NOW - timedelta(seconds=1)}, ClockState.OVERDUE),
        ({"due_at": NOW - timedelta(days=1), "suspended_at": NOW - timedelta(days=2)}, ClockState.SUSPENDED),
        ({"stopped_at": NOW}, ClockState.DONE),
        ({"stopped_at": NOW, "due_at": NOW - timedelta(days=1)}, ClockState.MISSED),
    ],
)
def test_state_of_a_limit(instants, state):
    assert clock_state(at=NOW, **{"due_at": MIDNIGHT, **instants}) == state


# Forms


class Shop(PlainForm):
    name = forms.CharField(label="店铺名称", help_text="和招牌上一样")
    cooks = forms.ChoiceField(
        label="现场做菜", widget=forms.RadioSelect, choices=[("y", "做"), ("n", "不做")]
    )
    note = forms.CharField(label="说明", widget=forms.Textarea, required=False)
    sms = forms.BooleanField(label="短信告诉我", required=False)
    idno = forms.CharField(label="证号", error_messages={"required": "没有证号办不了"})


def test_a_field_ties_help_and_control_together():
    html = draw("{% field form.name %}", form=Shop())
    assert '<label class="form-label" for="id_name">店铺名称' in html
    assert 'id="id_name-help"' in html
    assert 'aria-describedby="id_name-help"' in html
    assert "required" not in html


def test_an_error_stands_at_the_field_and_is_tied_to_it():
    html = draw("{% field form.name %}", form=Shop(data={}))
    assert "请填店铺名称" in html
    assert 'aria-describedby="id_name-help id_name-error"' in html
    assert 'aria-invalid="true"' in html


def test_input_is_kept_after_an_error():
    assert 'value="老王饭馆"' in draw("{% field form.name %}", form=Shop(data={"name": "老王饭馆"}))


def test_options_are_a_fieldset_with_a_legend():
    html = draw("{% field form.cooks %}", form=Shop())
    assert "<fieldset" in html
    assert "<legend>现场做菜" in html
    assert html.count('type="radio"') == 2
    assert "checked" not in html


def test_only_the_optional_is_marked():
    assert "选填" in draw("{% field form.note %}", form=Shop())
    assert "选填" not in draw("{% field form.name %}", form=Shop())


def test_the_summary_has_the_same_words_and_links_to_the_control():
    form = Shop(data={})
    html = draw("{% error_summary form %}", form=form)
    assert "有3处需要改" in html
    assert '<a href="#id_name">请填店铺名称</a>' in html
    assert '<a href="#id_cooks_0">请选：现场做菜</a>' in html
    assert "没有证号办不了" in html
    assert 'role="alert"' in html


def test_no_errors_no_summary():
    assert draw("{% error_summary form %}", form=Shop()).strip() == ""
    good = Shop(data={"name": "a", "cooks": "y", "idno": "1"})
    assert draw("{% error_summary form %}", form=good).strip() == ""


def test_user_text_is_escaped():
    html = draw("{% field form.name %}{% badge text %}", form=Shop(data={"name": '"><b>'}), text="<i>")
    assert "<b>" not in html
    assert "<i>" not in html


# Lists


def test_the_pager_keeps_filters_and_drops_the_old_cursor():
    request = RequestFactory().get("/worklist?state=open&after=old")
    html = draw("{% pager page %}", request=request, page=Page(previous="p", next="n"))
    assert 'href="?state=open&amp;before=p"' in html
    assert 'href="?state=open&amp;after=n"' in html
    assert "old" not in html
    assert "上50条" in html
    assert "下50条" in html
    assert "共" not in html


def test_an_only_page_has_no_pager():
    assert draw("{% pager page %}", request=RequestFactory().get("/"), page=Page()).strip() == ""


def test_three_kinds_of_empty():
    assert "还没有" in draw('{% empty "nothing" %}')
    assert 'href="?"' in draw('{% empty "filtered" url="?" %}')
    assert "可以请本单位管理员开通" in draw('{% empty "denied" who="本单位管理员" %}')
    with pytest.raises(TemplateSyntaxError):
        draw('{% empty "other" %}')


def test_timeline_tells_what_who_when_next():
    entry = TimelineEntry(at=NOW, what="现场核查通过", who="市场监管局", next="11月25日前决定")
    html = draw("{% timeline entries %}", entries=[entry])
    assert "2026年11月22日（周日） 14:05" in html
    assert "现场核查通过" in html
    assert "下一步：11月25日前决定" in html


def test_progress_is_an_element_not_a_style():
    html = draw('{% progress 3 4 "已办" %}')
    assert '<progress value="3" max="4"' in html
    assert "3/4" in html


def test_chips_and_figures_link():
    assert 'href="?a=1"' in draw("{% chips items %}", items=[Chip(label="咸安区", remove_url="?a=1")])
    html = draw(
        "{% figures items %}", items=[Figure(label="超期", value="12", url="/late", denominator="12/87")]
    )
    assert '<a href="/late">12</a>' in html
    assert "12/87" in html


# Materials, moves, evaluation


def test_a_slot_offers_reuse_before_upload():
    slot = Slot(
        name="licence",
        label="营业执照",
        reuse=(Reusable(value="7", label="营业执照", source="公安"),),
        chosen="7",
    )
    html = draw("{% upload_slot slot %}", slot=slot)
    assert html.index("政府已有") < html.index('type="file"')
    assert "来自公安" in html
    assert 'value="7" checked' in html


def test_a_slot_tells_its_error_and_keeps_what_was_sent():
    slot = Slot(name="p", label="门头照", error="打不开", files=(Upload(name="旧.jpg", size=2048),))
    html = draw("{% upload_slot slot %}", slot=slot)
    assert "打不开" in html
    assert "slot-p-error" in html
    assert "旧.jpg" in html
    assert "2 KB" in html


def test_a_refused_move_stays_with_its_reason():
    buttons = [
        MoveButton(name="accept", label="受理申请", url="/a", primary=True),
        MoveButton(name="close", label="办结", refused="缺现场照片"),
        MoveButton(name="sign", label="签收", url="/s", post=True),
    ]
    html = draw("{% moves buttons %}", buttons=buttons)
    assert "缺现场照片" in html
    assert 'aria-disabled="true"' in html
    assert html.count("data-move") == 3
    assert '<form method="post" action="/s">' in html


def test_evaluation_has_five_levels_none_preselected():
    html = draw('{% evaluation_form action="/e" skip_url="/mine" %}')
    assert html.count('name="level"') == 5
    assert "checked" not in html
    assert "这次不评" in html


def test_a_key_is_new_unless_kept():
    first, second = draw("{% idempotency %}"), draw("{% idempotency %}")
    assert first != second
    assert 'value="kept"' in draw('{% idempotency key="kept" %}')


def test_filters_of_the_library():
    html = draw(
        "{{ at|cn_date:'day' }} {{ at|iso_date }} {{ n|count }} {{ n|count:'headline' }} {{ 1|rate:3 }} {{ gone|rate }}"
        " {{ 1250|money }} {{ '张小明'|mask_name }} {{ '13812345678'|mask_phone }} {{ gone|count }}{{ gone|cn_date }}",
        at=NOW,
        n=318_679,
    )
    assert html == "2026年11月22日（周日） 2026-11-22 318,679 31.9万 33.3% 无 12.50元 张*明 138****5678 "
    assert "99.96%" in draw("{% rate_of 25489 25499 %}")
    assert "（25,489/25,499）" in draw("{% rate_of 25489 25499 %}")
