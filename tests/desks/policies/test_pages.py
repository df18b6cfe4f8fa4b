"""A policy's way over its pages: collected, split with rows, counted, checked by another person, published, changed, stopped."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.desks.policies.conftest import a_measure, a_policy
from tongban.desks.policies import api, services
from tongban.desks.policies.models import Measure, Policy, Version
from tongban.kernel import api as kernel
from tongban.kernel.rules.operators import yuan
from tongban.registers.portraits import api as portraits

TEXT = """咸宁市科技型企业成长支持办法
咸科发〔2026〕31号
第一条 为支持企业做研发，制定本办法。
第二条 上年研发费用达到10万元的企业，按研发费用的5%给予补贴，每户最高20万元。
第三条 本办法自2026年12月1日起施行，有效期2年。
2026年11月18日
"""
HEAD = {
    "unit": "421200-kjj", "title": "咸宁市科技型企业成长支持办法", "document": "咸科发〔2026〕31号", "issued_on": "2026-11-18",
    "valid_from": "2026-11-01", "valid_until": "2028-10-31", "text": TEXT, "act": "collect",
}  # fmt: skip
MEASURE = {
    "title": "研发补贴", "says": "按研发费用的5%补贴。", "party": "organisation", "gives": "subsidy", "way": "quick",
    "period": "year", "begins": "2026-11-01", "order": "first", "article": "第二条",
    "c.join": "all", "c.0.element": "tax.research", "c.0.was": "tax.research", "c.0.compare": "ge", "c.0.value": "100,000",
    "c.1.element": "firm.abnormal", "c.1.was": "firm.abnormal", "c.1.compare": "no",
    "a.kind": "share", "a.element": "tax.research", "a.times": "5", "a.over": "100", "a.cap": "200000", "act": "save",
}  # fmt: skip


def example(place, expect, *, research="", abnormal="", amount=""):
    stem = f"e.{place}"
    return {
        f"{stem}.name": f"例{place}", f"{stem}.on": "2026-11-10", f"{stem}.expect": expect, f"{stem}.amount": amount,
        f"{stem}.has.tax.research": research, f"{stem}.has.firm.abnormal": abnormal,
    }  # fmt: skip


GOOD = {
    **example(0, "entitled", research="200000", abnormal="false", amount="10000"),
    **example(1, "not", research="200000", abnormal="true"),
    **example(2, "unknown", abnormal="false"),
}


class Desk:
    """The pages as one officer sees them."""

    def __init__(self, town, client, name):
        self.town, self.client, self.name = town, client, name
        town.signed_in(client, name)

    def collect(self, **said):
        answer = self.client.post("/work/policies/new", {**HEAD, **said})
        assert answer.status_code == 302, answer.content.decode()
        return Policy.objects.get(number=answer.url.rsplit("/", 1)[1])

    def measure(self, policy, key="new", **said):
        return self.client.post(f"/work/policies/{policy.number}/measures/{key}", {**MEASURE, **said})

    def move(self, policy, name, **data):
        return kernel.perform(policy.pk, name, actor=self.town.actor(self.name), at=self.town.at, data=data)


@pytest.fixture
def editor(town, client):
    return Desk(town, client, "editor")


def published(town, editor):
    policy = editor.collect()
    assert editor.measure(policy, **GOOD).status_code == 302
    editor.move(policy, "propose")
    head = town.actor("head")
    for move in ("check", "publish"):
        kernel.perform(policy.pk, move, actor=head, at=town.at)
    return policy


def test_what_a_text_says_of_itself_is_proposed(editor):
    page = editor.client.post("/work/policies/new", {"text": TEXT, "act": "read"}).content.decode()
    for value in (
        "咸宁市科技型企业成长支持办法",
        "咸科发〔2026〕31号",
        "2026-11-18",
        "2026-12-01",
        "2028-11-30",
    ):
        assert f'value="{value}"' in page


def test_a_policy_is_collected_once_with_its_file_and_only_for_ones_own_unit(editor, town):
    policy = editor.collect(original=SimpleUploadedFile("原文.txt", TEXT.encode(), "text/plain"))
    page = editor.client.get(f"/work/policies/{policy.number}").content.decode()
    assert "拆第二条" in page
    assert "原文.txt" in page
    again = editor.client.post("/work/policies/new", HEAD)
    assert again.status_code == 422
    assert "已经收过" in again.content.decode()
    assert (
        editor.client.post("/work/policies/new", {**HEAD, "unit": "421200-rsj", "document": "x"}).status_code
        == 422
    )
    bad = SimpleUploadedFile("x.exe", b"MZ\x90\x00" + bytes(100))
    refused = editor.client.post("/work/policies/new", {**HEAD, "document": "另一号", "original": bad})
    assert refused.status_code == 422
    assert Policy.objects.count() == 1
    kernel.perform(policy.pk, "drop", actor=town.actor("collector"), at=town.at, data={"reason": "不是政策"})
    assert town.state(policy.number) == "dropped"


def test_rows_are_added_and_what_is_missing_is_said_while_nothing_typed_is_lost(editor):
    policy = editor.collect()
    added = editor.measure(policy, act="add-row:c").content.decode()
    assert 'name="c.2.element"' in added
    assert "autofocus" in added
    bad = editor.measure(policy, **{"c.0.value": "zehn", "a.times": "many", "c.2.element": "", **GOOD})
    page = bad.content.decode()
    assert bad.status_code == 422
    assert 'value="zehn"' in page
    assert 'value="many"' in page
    for words in ("请填金额", "请填数字", "请选一项数据"):
        assert words in page
    assert not Measure.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"party": "dog"}, {"way": "never"}, {"quota": "-5"}, {"budget": "viel"}, {"begins": ""}, {"evidence": "不存在的材料"},
        {"a.kind": "steps"}, {"c.0.compare": "no-such", "c.0.value": "<script>alert(1)</script>"}, {"title": ""},
        {"e.0.name": "x", "e.0.on": "31.2."}, {"publicity_days": "99"}, {"way": "matter", "matter": "abc"},
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_words_and_never_half_written(editor, said):
    policy = editor.collect()
    answer = editor.measure(policy, **said)
    assert answer.status_code == 422, said
    assert "tb-summary" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert not Version.objects.exists()


def test_the_numbers_move_with_the_rows(editor, town):
    for research, abnormal in ((300_000_00, False), (500_000_00, True), (50_000_00, False)):
        town.company(tax__research=research, firm__abnormal=abnormal)
    town.company(firm__abnormal=False)
    policy = editor.collect()
    url = f"/work/policies/{policy.number}/measures/new/numbers"
    page = editor.client.post(url, MEASURE).content.decode()
    assert "排除最多" in page or "每一条排除了多少" in page
    fewer = editor.client.post(url, {**MEASURE, "c.0.value": "1"}).content.decode()
    assert page != fewer


def test_a_failing_example_keeps_it_from_being_handed_in_until_it_is_mended(editor, town):
    policy = editor.collect()
    assert editor.measure(policy, **{**GOOD, "e.0.amount": "9999"}).status_code == 302
    [version] = Version.objects.all()
    page = editor.client.get(f"/work/policies/{policy.number}").content.decode()
    assert "应当是可以享受，9,999.00元，算出来是可以享受，10,000.00元" in page
    with pytest.raises(kernel.MoveRefused, match="还不能公布"):
        editor.move(policy, "propose")
    assert editor.measure(policy, version.measure.key, **GOOD).status_code == 302
    editor.move(policy, "propose")
    assert town.state(policy.number) == "proposed"
    assert editor.measure(policy, version.measure.key, **GOOD).status_code == 200  # only to be read now


def test_nobody_checks_what_he_wrote_and_two_persons_publish(editor, town, client):
    policy = published(town, editor)
    [one] = town.measures()
    assert (one.title, one.way, one.condition["and"][0]) == (
        "研发补贴", "quick", {">=": [{"var": "tax.research"}, {"yuan": "100000"}]},
    )  # fmt: skip
    assert town.events("measure.published")
    client.logout()
    page = client.get(f"/policies/{policy.number}").content.decode()
    assert "研发补贴" in page
    assert "上年加计扣除的研发费用的5%，最多20万元" in page
    assert "研发补贴" in client.get("/policies?q=研发").content.decode()
    assert "研发补贴" not in client.get("/policies?q=养老").content.decode()


def test_the_writer_is_refused_as_checker(editor):
    policy = editor.collect()
    editor.measure(policy, **GOOD)
    editor.move(policy, "propose")
    with pytest.raises(kernel.MoveRefused, match="另一个人"):
        editor.move(policy, "check")


def test_a_change_becomes_a_version_from_its_day_and_two_versions_are_compared(editor, town):
    for research in (150_000_00, 300_000_00):
        town.company(tax__research=research, firm__abnormal=False)
    policy = published(town, editor)
    [one] = town.measures()
    editor.move(policy, "change", reason="门槛降低")
    more = {**GOOD, "c.0.value": "50000", "a.times": "6", "e.0.amount": "12000", "begins": "2026-12-01"}
    assert editor.measure(policy, one.key, **more).status_code == 302
    page = editor.client.get(f"/work/policies/{policy.number}/measures/{one.key}/compare").content.decode()
    assert "第2版" in page
    assert "新增可以享受的" in page
    editor.move(policy, "repropose")
    for move in ("recheck", "republish"):
        kernel.perform(policy.pk, move, actor=town.actor("head"), at=town.at)
    assert api.measure(one.key, on=date(2026, 11, 30)).version == 1
    assert api.measure(one.key, on=date(2026, 12, 1)).version == 2


def test_who_writes_sees_which_measures_meet_this_one_and_which_policies_end_soon(editor, town):
    one = town.company(tax__research=300_000_00, firm__abnormal=False)
    portraits.consent(party=str(one), given=["tax.research"], actor=kernel.SYSTEM, at=town.at)
    published(town, editor)
    town.bring(a_policy(a_measure(key="kjj-two", title="同一件事"), valid_until="2026-12-31"))
    second = editor.collect(document="咸科发〔2026〕32号", title="又一个办法")
    url = f"/work/policies/{second.number}/measures/new/numbers"
    page = editor.client.post(url, {**MEASURE, "title": "又一项"}).content.decode()
    assert "条件和“研发补贴”（咸宁市科技型企业成长支持办法）完全相同" in page
    assert "重叠：1户两项都能享受" in page
    assert editor.measure(second, excludes="kjj-two", **GOOD).status_code == 302
    [own] = Version.objects.filter(measure__policy=second)
    page = editor.client.get(f"/work/policies/{second.number}/measures/{own.measure.key}").content.decode()
    assert "这一项写了和“同一件事”不能同时享受，那一项没有写" in page
    overview = editor.client.get("/work/policies").content.decode()
    assert "快要到期的" in overview
    assert "研发投入补贴办法" in overview.split("快要到期的")[1].split("</section>")[0]


def test_a_change_may_be_given_up(editor, town):
    policy = published(town, editor)
    [one] = town.measures()
    editor.move(policy, "change", reason="试试")
    editor.measure(policy, one.key, **{**GOOD, "c.0.value": "1", "e.0.amount": "10000"})
    editor.move(policy, "leave")
    assert [each.number for each in Version.objects.all()] == [1]


def test_stopping_tells_everybody_and_what_held_before_stays_known(editor, town, client):
    policy = published(town, editor)
    [one] = town.measures()
    town.later(days=2)
    kernel.perform(
        policy.pk, "withdraw", actor=town.actor("head"), at=town.at, data={"reason": "资金已经用完，停止申领"}
    )
    assert town.measures() == ()
    assert api.measure(one.key, on=date(2026, 11, 20)).version == 1
    assert town.events("measure.withdrawn")
    client.logout()
    assert "资金已经用完" in client.get(f"/policies/{policy.number}").content.decode()


def test_a_policy_whose_last_day_is_over_is_closed_by_itself(town):
    town.bring(a_policy(a_measure(), valid_until="2026-11-21"))
    town.later(days=2)
    assert services.expire(at=town.at) == 1
    assert services.expire(at=town.at) == 0
    assert town.state(Policy.objects.get().number) == "expired"


WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40)


@pytest.mark.parametrize(
    ("medium", "content", "status"),
    [("audio", WAV, 302), ("video", WAV, 422), ("picture", b"not a picture", 422), ("video", b"\x00\x00\x00\x18ftypisom" + bytes(30), 302)],
)  # fmt: skip
def test_an_explanation_may_be_heard_or_seen_and_has_a_transcript(town, client, medium, content, status):
    town.bring(a_policy())
    policy = Policy.objects.get()
    editor = Desk(town, client, "editor")
    url, said = f"/work/policies/{policy.number}/interpretation", {"medium": medium, "explained": "文字稿"}
    without = {**said, "explained": "", "file": SimpleUploadedFile("a", content)}
    assert editor.client.post(url, without).status_code == 422
    assert editor.client.post(url, {**said, "file": SimpleUploadedFile("a", content)}).status_code == status
    client.logout()
    if status == 302:
        answer = client.get(f"/policies/{policy.number}/file")
        assert b"".join(answer.streaming_content) == content
        assert answer["Content-Type"].startswith(medium)
        part = client.get(f"/policies/{policy.number}/file", headers={"Range": "bytes=4-"})
        assert (part.status_code, part.content, part["Content-Range"]) == (
            206, content[4:], f"bytes 4-{len(content) - 1}/{len(content)}",
        )  # fmt: skip
        assert (
            client.get(f"/policies/{policy.number}/file", headers={"Range": "bytes=0-3"}).content
            == content[:4]
        )
        beyond = client.get(f"/policies/{policy.number}/file", headers={"Range": "bytes=9999-"})
        assert len(b"".join(beyond.streaming_content)) == len(content)
        assert f"<{medium}" in client.get(f"/policies/{policy.number}").content.decode()


def test_the_calendar_shows_what_opens_and_closes(town, client):
    town.bring(a_policy(a_measure(opens_on="2026-11-10", closes_on="2026-12-20")))
    page = client.get("/policies/calendar?month=2026-11").content.decode()
    assert page.count("研发投入补贴") >= 2
    for month in ("2026-99", "x", "0001-01", "9999-12"):
        assert client.get("/policies/calendar", {"month": month}).status_code == 200


def test_what_is_not_published_or_not_ones_own_cannot_be_read(editor, town, client):
    policy = editor.collect()
    assert client.get(f"/policies/{policy.number}").status_code == 404
    assert client.get("/policies/no-such").status_code == 404
    assert client.get(f"/work/policies/{policy.number}/measures/no-such").status_code == 404
    town.signed_in(client, "stranger")
    assert client.get(f"/work/policies/{policy.number}").status_code == 404
    assert client.post(f"/work/policies/{policy.number}/measures/new", MEASURE).status_code == 404
    town.signed_in(client, "boss")
    assert client.get("/work/policies").status_code == 403


def test_the_collecting_bureau_splits_for_a_department_that_has_nobody(town, client):
    collector = Desk(town, client, "collector")
    policy = collector.collect(unit="421200-rsj", document="咸人社发〔2026〕1号")
    assert collector.measure(policy, **GOOD).status_code == 302


def test_programs_read_the_same(town, client):
    town.bring(a_policy(a_measure(budget_fen=yuan("1000000"))))
    number = Policy.objects.get().number
    listed = client.get("/api/v1/measures", {"q": "研发", "on": "2026-11-20"}).json()
    assert (listed["count"], listed["items"][0]["budget_fen"], listed["next"]) == (1, yuan("1000000"), None)
    assert client.get("/api/v1/measures/kjj-rd-subsidy?on=2026-11-20").json()["policy"] == number
    assert client.get("/api/v1/measures/kjj-rd-subsidy?on=2020-01-01").status_code == 404
    assert client.get(f"/api/v1/policies/{number}").json()["withdrawn"] is False


def test_programs_read_which_policies_there_are(town, client):
    ended = a_policy(
        a_measure(key="kjj-old-one"), key="kjj-old", title="旧办法", document="咸科发〔2020〕1号（示例）",
        issued_on="2020-01-02", valid_from="2020-02-01", valid_until="2021-12-31",
    )  # fmt: skip
    town.bring(a_policy(valid_until=None), ended)

    def titles(**asked):
        answer = client.get("/api/v1/policies", {"on": "2026-11-20", **asked}).json()
        assert answer["count"] == len(answer["items"])
        return [one["title"] for one in answer["items"]]

    assert titles() == ["研发投入补贴办法"]
    assert titles(state="ended") == ["旧办法"]
    assert titles(state="all") == ["研发投入补贴办法", "旧办法"]
    assert titles(q="research 鼓励") == ["研发投入补贴办法"]
    assert titles(unit="421200-rsj") == titles(q="没有") == titles(region="421202000000") == []
    assert titles(on="2020-06-01") == ["旧办法"]
    assert client.get("/api/v1/policies?state=odd").status_code == 422
    [row] = client.get("/api/v1/policies?on=2026-11-20").json()["items"]
    assert (row["measures"], row["medium"], row["withdrawn"]) == (1, "text", False)
    assert client.get("/api/v1/policies?on=2026-11-20&offset=5").json()["next"] is None


def test_officers_read_english_titles(town, client):
    town.bring(a_policy())
    number = Policy.objects.get().number
    town.signed_in(client, "editor")
    for page in (
        f"/work/policies/{number}",
        f"/work/policies/{number}/measures/kjj-rd-subsidy",
        "/work/policies",
    ):
        shown = client.get(page, headers={"Accept-Language": "en"}).content.decode()
        assert "Research subsid" in shown
        assert "研发投入补贴" not in shown


def test_a_policy_that_is_not_there_is_not_found_by_programs(client, db):
    assert client.get("/api/v1/policies/PO421200-261120-99999-X").status_code in {404, 422}
