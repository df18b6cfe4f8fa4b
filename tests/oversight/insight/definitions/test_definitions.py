"""A definition is proposed, tried on the past, adopted by somebody else, kept in versions, and can be brought back."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.kernel.toy import at
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.oversight.insight import api as insight
from tongban.oversight.insight import shelf
from tongban.oversight.insight.contracts import Scope
from tongban.oversight.insight.definitions import editing, ending, selectors, services
from tongban.oversight.insight.definitions.contracts import DefinitionError, State
from tongban.oversight.insight.definitions.effect import effect
from tongban.oversight.insight.definitions.models import Definition
from tongban.oversight.insight.definitions.web import posted
from tongban.oversight.insight.months.models import Edition
from tongban.oversight.insight.packs import indicators as packed

ENDED = {"kind": "toy", "name": "decide", "ended": True}
ON_TIME = {
    "share": [
        {"count": {"of": "clocks", "where": {**ENDED, "outcome": "kept"}}},
        {"count": {"of": "clocks", "where": {**ENDED, "outcome": ["kept", "missed"]}}},
    ]
}
ALL = {"count": {"of": "moves", "where": {"kind": "toy", "sequence": 1}}}
SINCE = "2026-11-01"
KEY = "casework.toys"


def written(formula=ON_TIME, **said):
    return {
        "id": KEY, "name": "玩具按时率", "name_en": "Toys on time", "theme": "casework", "measured": "share", "good": "up",
        "owner": "dsj", "since": SINCE, "source": "示例", "target": "90", "formula": formula,
    } | said  # fmt: skip


def proposed(bureau, *, base=0, by="supervisor", **said):
    return services.propose(
        record=written(**said), reason="试一试", base=base, actor=bureau.actor(by), at=timezone.now()
    )


def adopted(bureau, *, by="head", **said):
    row = proposed(bureau, **said)
    return services.adopt(pk=row.pk, actor=bureau.actor(by), at=timezone.now())


def on(day=date(2026, 11, 30)):
    return insight.indicators(on=day)


def test_nothing_is_counted_by_a_proposal_until_another_officer_adopts_it(bureau, toys):
    toys(1, 2, 40)
    row = proposed(bureau)
    assert KEY not in on()
    with pytest.raises(DefinitionError, match="提出的人不能自己采纳"):
        services.adopt(
            pk=proposed(bureau, by="head", id="casework.more").pk,
            actor=bureau.actor("head"),
            at=timezone.now(),
        )
    services.adopt(pk=row.pk, actor=bureau.actor("head"), at=timezone.now())
    found = on()[KEY]
    figure = insight.figures([found], period=insight.month(date(2026, 11, 9)), scope=Scope())[KEY].figures[()]
    assert (figure.version, figure.part, figure.whole) == (1, 2, 2)
    assert [one.act for one in kernel.history(f"indicator:{KEY}", at=timezone.now())] == ["propose", "adopt"]


def test_who_does_not_answer_for_it_neither_proposes_nor_adopts(bureau):
    with pytest.raises(DefinitionError, match="负责这项口径"):
        proposed(bureau, by="other")
    row = proposed(bureau)
    with pytest.raises(DefinitionError, match="可以采纳"):
        services.adopt(pk=row.pk, actor=bureau.actor("other"), at=timezone.now())
    with pytest.raises(DefinitionError, match="为什么退回"):
        services.refuse(pk=row.pk, actor=bureau.actor("head"), at=timezone.now(), said=" ")
    assert (
        services.refuse(pk=row.pk, actor=bureau.actor("leader"), at=timezone.now(), said="再想想").state
        == State.REFUSED
    )


def test_versions_hold_from_their_month_and_every_figure_says_by_which(bureau, toys):
    toys(1, 40)
    adopted(bureau)
    second = adopted(bureau, base=1, formula=ALL, measured="count", target="5", since="2026-12-01")
    assert second.number == 2
    assert (on()[KEY].version, on(date(2026, 12, 1))[KEY].version) == (1, 2)
    assert on(date(2020, 1, 1))[KEY].version == 1, "before the first the first"
    months = [insight.month(date(2026, 12, 9), back=back) for back in (1, 0)]
    found = selectors.by_month(KEY, months=months, scope=Scope())
    assert (found["2026-11"].version, found["2026-11"].whole) == (1, 1)
    assert "2026-12" not in found or found["2026-12"].version == 2
    first, later = selectors.versions(KEY)
    assert (first.until, later.until) == (date(2026, 12, 1), None)
    assert (first.adopted_by, first.proposed_by) == (bureau.actor("head").id, bureau.actor("supervisor").id)


def test_an_old_version_is_brought_back_as_a_new_one(bureau):
    adopted(bureau)
    adopted(bureau, base=1, formula=ALL, measured="count")
    third = adopted(bureau, base=2)
    assert (third.number, on()[KEY].formula) == (3, selectors.versions(KEY)[0].indicator.formula)


def test_a_definition_of_the_packs_is_overlaid_and_keeps_its_place(bureau):
    key = "hotline.requests"
    at = timezone.now()
    record = {
        **{name: getattr(packed()[key], name) for name in ("id", "name_en", "theme", "measured", "good", "owner", "source")},
        "name": "受理诉求（不含重复）", "formula": packed()[key].written, "since": "2026-11-01",
    }  # fmt: skip
    row = services.propose(record=record, reason="改名", base=1, actor=bureau.actor("supervisor"), at=at)
    services.adopt(pk=row.pk, actor=bureau.actor("leader"), at=at)
    assert (on()[key].name, on()[key].version) == ("受理诉求（不含重复）", 2)
    ours = [one for one, found in on().items() if found.theme == packed()[key].theme]
    assert ours == [one for one, found in packed().items() if found.theme == packed()[key].theme]
    assert selectors.versions(key)[0].number == 1


def test_the_effect_on_the_past_is_counted_before_adoption_by_month_and_by_unit(bureau, toys, monkeypatch):
    toys(1, 1, 30)
    toys(30, unit="u2")
    old = selectors.read(written(), number=1)
    late = {"share": [{"count": {"of": "clocks", "where": ENDED}}, ON_TIME["share"][1]]}
    new = selectors.read(written(late), number=2)
    found = effect(old=old, new=new, until=date(2026, 12, 31), scope=Scope())
    monkeypatch.setattr(shelf, "count", lambda *_asked, **_more: 1 / 0)
    assert effect(old=old, new=new, until=date(2026, 12, 31), scope=Scope()) == found, "counted once"
    assert len(found.months) == 12
    by_name = {one.group: one for one in found.months}
    assert by_name["2026-11"].moved == 0
    assert (by_name["2026-12"].old.value, by_name["2026-12"].new.value) == (0, 100)
    assert by_name["2026-12"].moved == Decimal(100)
    assert by_name["2026-03"].old is None
    assert [one.group for one in found.units] == ["u2", "u1"], "where it moves most stands first"
    assert (found.whole.old.part, found.whole.new.part) == (2, 4)


def test_two_changes_at_once_do_not_overwrite_each_other(bureau):
    adopted(bureau)
    row = proposed(bureau, base=1, formula=ALL, measured="count")
    with pytest.raises(DefinitionError, match="已经有一份修改"):
        proposed(bureau, base=1, by="head", target="95")
    Definition.objects.filter(pk=row.pk).update(base=0)
    with pytest.raises(DefinitionError, match="已经有了第1版"):
        services.adopt(pk=row.pk, actor=bureau.actor("head"), at=timezone.now())


def test_a_version_does_not_reach_into_a_month_that_was_published(bureau):
    Edition.objects.create(
        month=date(2026, 11, 1),
        number=1,
        by="officer:1",
        unit="u",
        at=timezone.now(),
        facts=0,
        digest="",
        definitions={},
    )
    with pytest.raises(DefinitionError) as refused:
        proposed(bureau)
    assert "2026-11已经公布" in refused.value.faults["since"]
    assert proposed(bureau, since="2026-12-01").pk


def ended(bureau, *, since=date(2026, 11, 1), by="supervisor", key=KEY):
    return ending.propose_end(
        key=key, since=since, reason="不再看", actor=bureau.actor(by), at=timezone.now()
    )


def test_an_indicator_ends_by_two_officers_and_what_was_stays(bureau, toys, client):
    toys(1, opened=at("2026-10-12 10:00"))
    toys(1)
    adopted(bureau, since="2026-10-01")
    row = ended(bureau, by="head")
    assert KEY in on(), "it is counted until the end is adopted"
    with pytest.raises(DefinitionError, match="提出的人不能自己采纳"):
        services.adopt(pk=row.pk, actor=bureau.actor("head"), at=timezone.now())
    services.adopt(pk=row.pk, actor=bureau.actor("leader"), at=timezone.now())
    assert KEY in on(date(2026, 10, 31))
    assert KEY not in on(date(2026, 11, 1))
    months = [insight.month(date(2026, 11, 9), back=back) for back in (1, 0)]
    assert {
        name: one.whole for name, one in selectors.by_month(KEY, months=months, scope=Scope()).items()
    } == {"2026-10": 1}
    leader = bureau.signed_in(client, "leader")
    gone = leader.get(f"/work/insight/{KEY}?month=2026-11")
    assert gone.url == f"/work/insight/{KEY}?month=2026-10"
    assert "玩具按时率" in leader.get(gone.url).content.decode()
    assert "玩具按时率" not in leader.get("/work/insight?month=2026-11").content.decode()
    for address in ("/work/insight/definitions", f"/work/insight/definitions/{KEY}"):
        assert "2026-11-01起停用" in leader.get(address).content.decode()
    adopted(bureau, base=2, since="2026-12-01")
    assert on(date(2026, 12, 1))[KEY].version == 3
    assert KEY not in on(date(2026, 11, 30)), "between the two it was not counted"


def test_an_end_that_cannot_be_says_why(bureau, client):
    adopted(bureau)
    with pytest.raises(DefinitionError, match="月度通报"):
        ended(bureau, key="casework.decided_on_time", since=date(2027, 1, 1))
    with pytest.raises(DefinitionError, match="负责这项口径"):
        ended(bureau, by="other", since=date(2027, 1, 1))
    with pytest.raises(DefinitionError) as refused:
        ended(bureau, since=date(2026, 10, 1))
    assert "不能比它早" in refused.value.faults["since"]
    page = bureau.signed_in(client, "supervisor").post(f"/work/insight/definitions/{KEY}/end", {"reason": ""})
    assert page.status_code == 422
    assert not Definition.objects.filter(ends=True).exists()
    month = f"{actors.day_of(timezone.now()):%Y-%m}"
    made = client.post(f"/work/insight/definitions/{KEY}/end", {"reason": "不再看", "since": month})
    assert "提出从" in client.get(made.url).content.decode()


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ({"median": {}}, "看不懂的运算"),
        ({"count": {"of": "payroll"}}, "没有这张事实表"),
        ({"count": {"of": "moves", "where": {"colour": "red"}}}, "没有这一列"),
        ({"count": {"of": "moves", "where": {"kind": {"like": "x"}}}}, "看不懂的比较"),
        ({"count": {"of": "moves", "where": {"sequence": {"from": "many"}}}}, "看不懂这个公式"),
        ({"count": {"of": "moves", "where": ["kind"]}}, "看不懂这个公式"),
        ("count", "一个运算"),
    ],
)
def test_a_wrong_formula_is_refused_with_what_is_possible(bureau, formula, says):
    with pytest.raises(DefinitionError) as refused:
        proposed(bureau, formula=formula)
    assert says in refused.value.faults["formula"]
    assert not Definition.objects.exists()


def test_a_sum_of_words_is_refused_before_it_can_break_the_page(bureau, toys):
    toys(1)
    with pytest.raises(DefinitionError) as refused:
        proposed(
            bureau,
            formula={"sum": {"of": "moves", "value": "act", "where": {"kind": "toy"}}},
            measured="count",
        )
    assert "算不出来" in refused.value.faults["formula"]
    with pytest.raises(DefinitionError) as refused:
        proposed(bureau, measured="days", target="-1")
    assert {"measured", "target"} <= set(refused.value.faults)


@pytest.mark.parametrize("key", sorted(packed()))
def test_every_formula_of_the_packs_comes_out_of_the_form_as_it_went_in(key):
    typed = posted.of(packed()[key].written)
    assert services.formula(typed.formula()) == packed()[key].formula
    assert typed.text is None, "it can be edited row by row"


def test_what_the_rows_cannot_say_is_edited_as_text(bureau):
    nested = {"plus": [ON_TIME["share"][0], {"minus": [ALL, ON_TIME["share"][1]]}]}
    typed = posted.of(nested)
    assert typed.text is not None
    assert typed.formula() == nested
    assert editing.read(nested) is None


# --- over the pages -----------------------------------------------------------------------------------------

ROWS = {
    "f.how": "share",
    "f.0.0.kind": "count", "f.0.0.table": "clocks", "f.0.0.w.0.column": "kind", "f.0.0.w.0.how": "is", "f.0.0.w.0.values": "toy",
    "f.0.0.w.1.column": "outcome", "f.0.0.w.1.how": "is", "f.0.0.w.1.values": "kept",
    "f.1.0.kind": "count", "f.1.0.table": "clocks", "f.1.0.w.0.column": "kind", "f.1.0.w.0.how": "is", "f.1.0.w.0.values": "toy",
    "f.1.0.w.1.column": "outcome", "f.1.0.w.1.how": "is", "f.1.0.w.1.values": "kept、missed",
}  # fmt: skip


def form(**said):
    today = actors.day_of(timezone.now())
    found = {name: value for name, value in written().items() if name != "formula"}
    return {**found, "since": f"{today:%Y-%m}", "reason": "市里要看", "act": "check", **ROWS, **said}


def test_it_is_tried_proposed_and_adopted_over_the_pages(bureau, client, toys):
    toys(1, 40)
    supervisor = bureau.signed_in(client, "supervisor")
    tried = supervisor.post("/work/insight/definitions/new", form())
    assert tried.status_code == 200
    assert "data-effect" in tried.content.decode()
    assert not Definition.objects.exists(), "looking is not proposing"
    made = supervisor.post("/work/insight/definitions/new", form(act="propose"))
    row = Definition.objects.get()
    assert made.url == f"/work/insight/definitions/proposals/{row.pk}"
    assert row.record["formula"]["share"][1]["count"]["where"] == {
        "kind": "toy",
        "outcome": ["kept", "missed"],
    }
    own = supervisor.post(f"{made.url}/decide", {"act": "adopt"})
    assert own.status_code == 422
    head = bureau.signed_in(client, "head")
    assert "对过去的影响" in head.get(made.url).content.decode()
    assert head.post(f"{made.url}/decide", {"act": "adopt", "said": "同意"}).status_code == 302
    page = head.get(f"/work/insight/definitions/{KEY}").content.decode()
    assert "第1版" in page
    assert head.get(f"/work/insight/definitions/{KEY}/edit?from=1").status_code == 200
    assert head.get("/work/insight/definitions").status_code == 200
    assert head.get("/work/insight/definitions/none.such").status_code == 404


def test_a_wrong_row_says_what_is_possible_and_loses_no_typed_word(bureau, client):
    supervisor = bureau.signed_in(client, "supervisor")
    wrong = form(
        **{"f.0.0.w.1.column": "sequence", "f.0.0.w.1.values": "很多次", "name": "", "reason": "说过的话"}
    )
    page = supervisor.post("/work/insight/definitions/new", wrong)
    text = page.content.decode()
    assert page.status_code == 422
    assert "“很多次”不是这一列能有的值。请填数字。" in text
    assert "请填名称" in text
    for kept in ("很多次", "说过的话", "kept、missed", "Toys on time"):
        assert kept in text
    more = supervisor.post("/work/insight/definitions/new", wrong | {"act": "row:1.0"}).content.decode()
    assert "f.1.0.w.2.column" in more
    assert "说过的话" in more
    typed = supervisor.post(
        "/work/insight/definitions/new", form(**{"act": "check", "f.text": "{count: [of"})
    )
    assert "{count: [of" in typed.content.decode()
    assert typed.status_code == 422


@pytest.mark.parametrize(
    ("act", "text"),
    [
        ("check", "{count: {of: moves, where: {said.kind: 2026-13-01}}}"),
        ("check", "{count: {of: moves, where: {sequence: {below: .nan}}}}"),
        ("propose", "{count: {of: moves, where: {said.kind: 2026-10-01}}}"),
        ("propose", "&a {plus: [*a, *a]}"),
        *(("rows", text) for text in ("{share: [1, 2]}", "{minus: [a]}", "{plus: 3}", "{count: 5}")),
    ],
)
def test_text_that_is_no_formula_is_said_to_be_none_and_stays(bureau, client, act, text):
    supervisor = bureau.signed_in(client, "supervisor")
    page = supervisor.post("/work/insight/definitions/new", form(**{"act": act, "f.text": text}))
    assert page.status_code == 422
    assert text.replace("&", "&amp;") in page.content.decode()
    assert not Definition.objects.exists()


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999", "9" * 5000])
def test_a_number_that_cannot_be_kept_is_none(number):
    row = editing.Condition("sequence", "below", number)
    with pytest.raises(editing.FaultsError):
        editing.write(editing.Shape(sides=((editing.Thing(where=(row,)),),)))


def test_a_form_that_another_version_overtook_says_so_and_keeps_what_was_typed(bureau, client):
    adopted(bureau)
    adopted(bureau, base=1, formula=ALL, measured="count")
    supervisor = bureau.signed_in(client, "supervisor")
    page = supervisor.post(
        f"/work/insight/definitions/{KEY}/edit", form(act="propose", base="1", target="95")
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "有了第2版（您照着改的是第1版）" in text
    assert "市里要看" in text
    assert 'name="base" value="2"' in text, "once more is on purpose"
    assert not Definition.objects.filter(state=State.PROPOSED).exists()


def test_who_does_not_answer_for_it_does_not_get_the_form(bureau, client):
    other = bureau.signed_in(client, "other")
    assert other.get("/work/insight/definitions/hotline.requests/edit").status_code == 403
    assert other.get("/work/insight/definitions/hotline.requests").status_code == 200
