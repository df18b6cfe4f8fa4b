"""A matter in the reader's words."""

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from tongban.actors import api as actors
from tongban.registers.catalogue import codes, regions
from tongban.registers.catalogue.contracts import LimitSpec, MatterHit, MatterSpec, Result
from tongban.registers.catalogue.departments import DEPARTMENTS, name_of
from tongban.registers.catalogue.english import of_result, said
from tongban.registers.catalogue.limits import limit_text
from tongban.web.formats import english


def title(spec: MatterSpec) -> str:
    """A matter's name for the reader: the plain name with the legal term, or the English one."""
    return spec.name_en if english() and spec.name_en else spec.title


def hit_title(hit: MatterHit) -> str:
    """A found matter's name: the plain one, or the English one."""
    return hit.name_en if english() and hit.name_en else hit.plain_name or hit.name


def who(hit: MatterHit) -> str:
    """Whose matter it is: the unit, in English its department and place."""
    if not english() or hit.department not in DEPARTMENTS:
        return hit.unit_name
    return f"{name_of(hit.department)}, {place(hit.region)}"


def unit_called(name: str) -> str:
    """A unit's name in the reader's language."""
    return actors.english_unit_name(name) if english() else name


def place(code: str) -> str:
    """A region's name in the reader's language; the code of one that is not ours."""
    try:
        return named(actors.region(code))
    except actors.NotKnownError:
        return code


def named(region: actors.RegionInfo) -> str:
    """A known region's name in the reader's language."""
    return region.name_en if english() and region.name_en else region.name


def result(one: Result) -> str:
    """What comes out of a matter, in the reader's language."""
    known = of_result(one.name, name_en=one.name_en, kind=one.licence_kind) if english() else ""
    return known or one.name


def listed(texts: Iterable[str]) -> str:
    """Several words of the packs in one line."""
    return str(_("、")).join(said(text) for text in texts)


def limit(spec: LimitSpec | None) -> str:
    """5个工作日, 当场办结, or nothing."""
    return limit_text(spec.amount, spec.unit) if spec else ""


def fee(spec: MatterSpec) -> str:
    if not spec.has_guide and not spec.fees:
        return ""
    if spec.fee_fen == 0:
        return _("不收费")
    yuan, fen = divmod(spec.fee_fen, 100)
    return _("%(amount)s元") % {"amount": f"{yuan}.{fen:02d}" if fen else yuan}


def receives(spec: MatterSpec) -> str:
    """Where in the city a window receives the matter; empty for one that only its own place may receive.

    What may cross provinces or cities also crosses the city's own counties: the city's rule (`cases.crossing`).
    """
    if not spec.lists.cross_region or spec.partner or not regions.is_under(spec.region, settings.ROOT_REGION):
        return ""
    counties = actors.regions_below(settings.ROOT_REGION)
    names = [named(one) for one in counties]
    return _("%(places)s的政务服务窗口") % {"places": _("、").join(names)} if names else ""


def visits(count: int | None) -> str:
    if count is None:
        return ""
    return _("不用跑") if count == 0 else ngettext("跑%(n)s次", "跑%(n)s次", count) % {"n": count}


def facts(spec: MatterSpec) -> list[str]:
    """The first line of a guide: days, fee, visits; what is not known is left out."""
    said = [limit(spec.promised_limit or spec.legal_limit), fee(spec), visits(spec.visits)]
    return [text for text in said if text]


_DAYS = (
    _lazy("周一"),
    _lazy("周二"),
    _lazy("周三"),
    _lazy("周四"),
    _lazy("周五"),
    _lazy("周六"),
    _lazy("周日"),
)


def opening(written: str | Iterable[str]) -> list[str]:
    """Opening hours as people read them: "1-5 09:00-12:00" is 周一至周五 09:00–12:00."""
    lines = written.splitlines() if isinstance(written, str) else list(written)
    return [_hours(line) for line in lines if line]


def _hours(line: str) -> str:
    found = re.fullmatch(r"([1-7])(?:-([1-7]))? (\d\d:\d\d)-(\d\d:\d\d)", line)
    if found is None:
        return line
    days = str(_DAYS[int(found[1]) - 1])
    if found[2]:
        days = _("%(first)s至%(last)s") % {"first": days, "last": _DAYS[int(found[2]) - 1]}
    return f"{days} {found[3]}–{found[4]}"


def standard(spec: MatterSpec) -> list[tuple[str, str]]:
    """The standard's elements, folded away at the end of the guide."""

    def labels(values: tuple[str, ...], table: Any) -> str:
        return str(_("、")).join(str(table(value).label) for value in values)

    pairs = [
        (_("事项名称"), spec.name_en if english() and spec.name_en else spec.name),
        (_("主项"), said(spec.main_item)),
        (_("基本编码"), spec.code if spec.code != spec.implementation_code else ""),
        (_("实施编码"), spec.implementation_code),
        (_("事项类型"), str(codes.MatterKind(spec.kind).label)),
        (_("行使层级"), labels(spec.levels, codes.ExerciseLevel)),
        (_("服务对象"), labels(spec.applicants, codes.Applicant)),
        (_("办件类型"), str(codes.CaseKind(spec.case_kind).label) if spec.case_kind else ""),
        (_("法定时限"), limit(spec.legal_limit)),
        (_("承诺时限"), limit(spec.promised_limit)),
        (_("办理形式"), labels(spec.channels, codes.Channel)),
        (_("网办深度"), _depth(spec.depth)),
        (_("特别程序"), str(_("、")).join(str(codes.PROCEDURES[name]) for name in spec.procedures)),
        (_("结果"), str(_("、")).join(result(one) for one in spec.results)),
        (_("通办范围"), listed(spec.lists.cross_region)),
        (_("市内哪里能收"), receives(spec)),
        (_("取消的证明"), listed(spec.lists.abolished_proofs)),
        (_("实施单位"), unit_called(spec.unit_name) or name_of(spec.department)),
        (_("版本"), str(spec.version)),
    ]
    return [(name, value) for name, value in pairs if value]


def _depth(depth: str) -> str:
    if not depth:
        return ""
    label = codes.Depth(depth).label
    return f"{depth} ({label})" if english() else f"{depth}（{label}）"
