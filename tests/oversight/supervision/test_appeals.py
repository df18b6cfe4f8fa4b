"""A unit appeals against a late mark; upheld it leaves the on-time figure, which opens down to the appeal."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from tests.kernel.toy import at
from tongban.kernel import api as kernel
from tongban.kernel.files.selectors import attachments
from tongban.kernel.models import Docket
from tongban.oversight.insight import packs, selectors
from tongban.oversight.insight.contracts import Period, Scope
from tongban.oversight.insight.facts import services as facts
from tongban.oversight.supervision import api, appealing
from tongban.oversight.supervision.contracts import SupervisionError
from tongban.oversight.supervision.models import Appeal
from tongban.registers.identity.privacy import registry, retention
from tongban.registers.identity.privacy.models import Disposal

from .conftest import LATE

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
DECEMBER = Period(date(2026, 12, 1), date(2026, 12, 31))
JANUARY = Period(date(2027, 1, 1), date(2027, 1, 31))
ENDED = {"kind": "toy", "name": "decide", "ended": True}
ON_TIME = packs.read(
    {
        "id": "toy.on_time", "name": "玩具", "name_en": "Toy", "theme": "casework", "measured": "share", "good": "up", "owner": "dsj",
        "since": date(2026, 1, 1), "source": "示例",
        "formula": {"share": [
            {"count": {"of": "clocks", "where": {**ENDED, "outcome": ["kept", "excused"]}}},
            {"count": {"of": "clocks", "where": {**ENDED, "outcome": ["kept", "missed"]}}},
        ]},
    },
    where="test",
)  # fmt: skip


def figure(period=DECEMBER, scope=None):
    found = selectors.figures([ON_TIME], period=period, scope=scope or Scope(units=(LATE,)))["toy.on_time"]
    return found.figures[()]


def judge(town, number, move, who="city", reason="检修通知属实，当天确实不能登记。"):
    docket = Docket.objects.get(number=number)
    kernel.perform(docket.pk, move, actor=town.actor(who), at=town.at, data={"reason": reason})
    town.count()


def test_an_upheld_appeal_moves_the_figure_of_the_day_of_the_late_mark_and_opens(town):
    row = town.late_one()
    for _ in range(2):
        town.at = at("2026-12-02 10:00")
        other = town.taken()
        town.decide(other)
    number = town.lodge()
    town.count()
    assert (figure().value, figure().part, figure().whole) == (Decimal("66.67"), 2, 3)
    town.at = at("2027-01-05 10:00")  # judged in another year: the figure of December moves
    judge(town, number, "uphold")
    assert (figure().value, figure().part, figure().whole) == (Decimal("100.00"), 3, 3)
    assert figure(JANUARY).whole == 0
    assert figure(scope=Scope(regions=("421202",))).part == 3
    behind, _more = selectors.behind(ON_TIME, period=DECEMBER, scope=Scope(), side=0)
    assert number in {one.number for one in behind}
    missed, _more = selectors.behind(ON_TIME, period=DECEMBER, scope=Scope(), side=1)
    assert row.number in {one.number for one in missed}, "the late one stays what it was: late"
    assert town.letters("head")[-1] == "supervision.upheld"


def test_the_figure_is_the_same_from_a_rebuilt_ledger_and_from_an_event_told_twice(town):
    town.late_one()
    judge(town, town.lodge(), "uphold")
    moved = figure()
    assert facts.verify().same
    facts.rebuild()
    town.count()
    assert figure() == moved
    assert (moved.part, moved.whole) == (1, 1)


def test_a_rejected_appeal_changes_no_figure_and_is_final(town):
    town.late_one()
    judge(town, town.lodge(), "reject", reason="停机的是另一天，期限已经过了。")
    assert (figure().part, figure().whole) == (0, 1)
    assert town.letters("head")[-1] == "supervision.rejected"
    with pytest.raises(SupervisionError, match="一次超期只裁定一次"):
        town.lodge(words="再说一遍同样的事实和理由。")


def test_nobody_judges_in_the_own_division_nor_in_the_own_cause(town):
    town.late_one()
    number = town.lodge()
    docket = Docket.objects.get(number=number)
    assert docket.unit == "421200-dsj"
    for who in ("district", "head", "leader"):
        with pytest.raises((kernel.NotPermitted, kernel.NotFound)):
            kernel.perform(
                docket.pk, "uphold", actor=town.actor(who), at=town.at, data={"reason": "我看可以。"}
            )
    town.count()
    assert town.letters("city") == ["supervision.appealed"]


def test_the_citys_own_desk_has_nobody_above_who_is_not_itself(town):
    row = town.taken(region="421200000000", unit="421200-dsj")
    town.to("2026-12-02 09:00")
    kernel.perform(row.id, "finish", actor=town.clerk("421200-dsj"), at=town.at)
    town.to("2026-12-02 09:30")
    town.officers["own"] = an_officer_of("421200-dsj")
    with pytest.raises(SupervisionError, match="没有谁可以裁定"):
        town.lodge("own")
    assert not Appeal.objects.exists()


def an_officer_of(unit):
    from tests.actors.factories import an_officer
    from tongban.actors.models import Unit

    return an_officer("head", of=Unit.objects.get(pk=unit))


@pytest.mark.parametrize(
    ("given", "said"),
    [({"ground": "bad_mood"}, "没有这个申诉理由"), ({"words": "冤枉"}, "太少")],
)
def test_an_appeal_that_says_too_little_says_what_is_needed(town, given, said):
    town.late_one()
    with pytest.raises(SupervisionError, match=said):
        town.lodge(**given)
    assert not Appeal.objects.exists()


def test_first_the_work_then_the_appeal_and_only_for_so_long(town):
    row = town.taken()
    town.to("2026-12-02 09:00")
    with pytest.raises(SupervisionError, match="先办完再申诉"):
        town.lodge()
    town.decide(row)
    town.to("2026-12-02 09:30")
    town.at = at("2026-12-18 09:00")
    with pytest.raises(SupervisionError, match="过了申诉的期限（2026-12-16以前，含当天）"):
        town.lodge()


def test_the_same_appeal_twice_is_one_and_a_withdrawn_one_may_come_again(town):
    town.late_one()
    number = town.lodge()
    assert town.lodge() == number
    docket = Docket.objects.get(number=number)
    kernel.perform(docket.pk, "withdraw", actor=town.actor("head"), at=town.at)
    assert town.lodge() != number
    assert (figure().part, figure().whole) == (0, 1)


def test_two_who_appeal_at_the_same_moment_make_one_appeal(town, monkeypatch):
    town.late_one()
    keep = appealing.store

    def meanwhile(**more):
        monkeypatch.setattr(appealing, "store", keep)
        town.lodge(words="另一位负责人同时写的事实和理由。", key="other")
        return keep(**more)

    monkeypatch.setattr(appealing, "store", meanwhile)
    notice = SimpleUploadedFile("检修通知.txt", "十二月一日全天检修。".encode(), content_type="text/plain")
    with pytest.raises(SupervisionError, match="等待裁定"):
        town.lodge(evidence=api.Evidence(notice, notice.name), key="own")
    assert Appeal.objects.count() == 1


def test_an_appeal_has_the_same_title_for_all_whoever_lodged_it(town):
    row = town.late_one()
    with translation.override("en"):
        number = town.lodge()
    assert Docket.objects.get(number=number).title == f"{row.number}“决定”超期申诉"


def test_what_a_unit_wrote_goes_with_the_late_docket_and_not_that_it_was_late(town, monkeypatch):
    row = town.late_one()
    town.explain()
    monkeypatch.setitem(registry._destroyers, "toy", lambda _dockets, _at: 0)
    Disposal.objects.create(
        kind="toy", basis="示例", years=1, listed_at=town.at, approved_at=town.at, dockets=[row.id], numbers=[row.number]
    )  # fmt: skip
    assert retention.destroy_approved(at=town.at) == 1
    assert (town.mark().words, town.mark().reason, town.mark().colour) == ("", "workload", "red")


def test_the_evidence_lies_with_the_appeal(town):
    town.late_one()
    notice = SimpleUploadedFile("检修通知.txt", "十二月一日全天检修。".encode(), content_type="text/plain")
    number = town.lodge(evidence=api.Evidence(notice, notice.name))
    (file,) = attachments(Docket.objects.get(number=number).pk, slot="evidence")
    assert file.name == "检修通知.txt"


def test_an_appeal_is_watched_like_any_other_docket(town):
    town.late_one()
    town.lodge()
    town.to("2026-12-10 09:00")
    marks, _more = api.marks(town.actor("city"), what="red")
    assert [(one.kind, one.limit, one.unit) for one in marks] == [("appeal", "judge", "421200-dsj")]
