"""The monthly bulletin 月度通报: its sentences and tables, composed of the figures in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline.contracts import Channel
from tongban.desks.hotline.figures.contracts import NET, Report, Share, UnitLine
from tongban.desks.hotline.figures.ranking import places
from tongban.web import formats

CALLS: Final = "calls"
"""A line of the table whose figures are calls and no tickets."""
RISEN: Final = 5
LEAST_RISE: Final = 3
PRAISED: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line of table 1: this month, the month before, the same month a year ago, the year so far."""

    label: str
    cells: tuple[str, ...]
    what: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Rise:
    """A category of which more came than the month before."""

    name: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One month's bulletin. `lates` and all of `ranking` are for officers; everybody reads the first places only."""

    lead: str
    paragraphs: tuple[str, ...]
    table: tuple[Line, ...]
    rises: tuple[Rise, ...]
    ranking: tuple[tuple[int | None, UnitLine], ...]
    lates: tuple[UnitLine, ...]


def compose(*, now: Report, before: Report, year_ago: Report, so_far: Report, public: bool) -> Bulletin:
    """The bulletin of a month.

    :param public: for everybody: no unit is blamed; the ranking ends with the best, as cities publish it
    """
    rises = _rises(now, before)
    placed = places(now.units)
    ranking = [(place, line) for place, line in placed if place is not None][:PRAISED] if public else placed
    lates = [line for line in now.units if line.handled.part < line.handled.whole or line.late]
    lates.sort(key=lambda line: (line.handled.part - line.handled.whole, -line.late, line.unit))
    return Bulletin(
        lead=_lead(now, before), paragraphs=tuple(_paragraphs(now, before, rises, public=public)),
        table=tuple(_table((now, before, year_ago, so_far))), rises=tuple(rises), ranking=tuple(ranking),
        lates=() if public else tuple(lates),
    )  # fmt: skip


def _lead(now: Report, before: Report) -> str:
    told = {
        "n": formats.count(now.taken.total), "change": change(now.taken.total, before.taken.total),
        "handled": share(now.handled), "satisfied": share(now.satisfied),
    }  # fmt: skip
    return _("受理诉求%(n)s件，%(change)s；按时办结率%(handled)s，满意率%(satisfied)s。") % told


def change(now: int, before: int) -> str:
    """Month on month in words: arrows and red mean other things here."""
    if not before:
        return _("上月没有")
    if now == before:
        return _("与上月持平")
    if now >= 2 * before:
        return _("上月%s件") % formats.count(before)
    words = _("比上月增加%s") if now > before else _("比上月减少%s")
    return words % formats.rate(abs(now - before), before)


def share(one: Share) -> str:
    """A rate without its denominator, for sentences; the tables have it."""
    return formats.rate(one.part, one.whole)


def _paragraphs(now: Report, before: Report, rises: list[Rise], *, public: bool) -> list[str]:
    calls, taken = now.calls, now.taken
    phone = taken.by_channel.get(Channel.PHONE, 0)
    net = sum(taken.by_channel.get(name, 0) for name in NET)
    found = [
        _("来电%(offered)s个，接听%(answered)s个，接通率%(rate)s，15秒接通率%(quick)s。电话受理%(phone)s件，网络受理%(net)s件，"
          "其他渠道%(other)s件。") % {
            "offered": formats.count(calls.offered), "answered": formats.count(calls.answered),
            "rate": formats.rate(calls.answered, calls.offered), "quick": formats.rate(calls.in_time, calls.offered),
            "phone": formats.count(phone), "net": formats.count(net), "other": formats.count(taken.total - phone - net),
        },
        _("签收及时率%(signed)s，按时办结率%(handled)s（上月%(before)s）。退单%(returned)s次，审核%(judged)s次，成立%(upheld)s次。") % {
            "signed": share(now.signed), "handled": share(now.handled), "before": share(before.handled),
            "returned": formats.count(now.returned), "judged": formats.count(now.judged.whole),
            "upheld": formats.count(now.judged.part),
        },
        _("回访中%(judged)s人作了评价，满意率%(satisfied)s（上月%(before)s），解决率%(solved)s，另有%(partly)s件部分解决。") % {
            "judged": formats.count(now.satisfied.whole), "satisfied": share(now.satisfied), "before": share(before.satisfied),
            "solved": share(now.solved), "partly": formats.count(now.partly),
        },
    ]  # fmt: skip
    if rises:
        listed = _("、").join(f"{one.name}（{one.before}→{one.now}）" for one in rises)
        found.append(_("比上月增加较多的：%s。") % listed)
    late = [line for line in now.units if line.handled.part < line.handled.whole]
    if late and not public:
        names = _("、").join(
            f"{unit_name(line.unit)}（{line.handled.whole - line.handled.part}/{line.handled.whole}）"
            for line in late[:10]
        )
        found.append(_("有办理超期的单位：%s。") % names)
    return found


def unit_name(unit: str) -> str:
    """A unit's name in the reader's language."""
    info = actors.live_unit(unit)
    english = info.name_en if info is not None and formats.english() else ""
    return english or actors.unit_name(unit_id=unit)


def _rises(now: Report, before: Report) -> list[Rise]:
    found = [
        Rise(name or _("未分类"), n, before.taken.by_category.get(name, 0))
        for name, n in now.taken.by_category.items()
    ]
    grown = [one for one in found if one.now - one.before >= LEAST_RISE]
    return sorted(grown, key=lambda one: (one.before - one.now, one.name))[:RISEN]


def _table(reports: tuple[Report, ...]) -> list[Line]:
    def counts(label: str, of: Any, what: str = "", more: str = "") -> Line:
        return Line(label, tuple(formats.count(of(one)) for one in reports), what, more)

    def rates(label: str, of: Any, what: str = "", more: str = "") -> Line:
        return Line(label, tuple(_rate(of(one)) for one in reports), what, more)

    return [
        counts(_("受理（件）"), lambda one: one.taken.total, "taken"),
        counts(_("其中电话"), lambda one: one.taken.by_channel.get("phone", 0), "taken", "channel=phone"),
        counts(_("其中网络"), lambda one: sum(one.taken.by_channel.get(name, 0) for name in NET), "taken", "channel=net"),
        rates(_("接通率"), lambda one: Share(one.calls.answered, one.calls.offered), CALLS),
        rates(_("15秒接通率"), lambda one: Share(one.calls.in_time, one.calls.offered), CALLS, "late=1"),
        counts(_("办结（件）"), lambda one: one.closed, "closed"),
        rates(_("签收及时率"), lambda one: one.signed, "signed"),
        rates(_("按时办结率"), lambda one: one.handled, "handled"),
        counts(_("退单（次）"), lambda one: one.returned, "returned"),
        rates(_("退单成立率"), lambda one: one.judged, "upheld"),
        rates(_("满意率"), lambda one: one.satisfied, "judged"),
        rates(_("解决率"), lambda one: one.solved, "said"),
        rates(_("对话务员满意率"), lambda one: one.operators, "of_operator"),
        counts(_("催办过（件）"), lambda one: one.taken.urged, "urged"),
        counts(_("督办（件）"), lambda one: one.taken.supervised, "supervised"),
        rates(_("重复诉求率"), lambda one: Share(one.taken.repeated, one.taken.total), "repeated"),
    ]  # fmt: skip


def _rate(one: Share) -> str:
    if not one.whole:
        return formats.rate(None)
    between = (" (", ")") if formats.english() else ("（", "）")
    return f"{share(one)}{between[0]}{formats.count(one.part)}/{formats.count(one.whole)}{between[1]}"
