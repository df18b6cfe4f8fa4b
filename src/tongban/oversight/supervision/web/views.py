"""Pages of supervision: the board, a unit's own page, one warning with what the unit says to it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.kernel import api as kernel
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.selectors import attachments
from tongban.oversight.insight import api as insight
from tongban.oversight.supervision import access, appealing, selectors
from tongban.oversight.supervision.contracts import KIND, Colour, Counted, SupervisionError
from tongban.oversight.supervision.days import last_day
from tongban.oversight.supervision.models import Mark
from tongban.oversight.supervision.pack import rules, word
from tongban.oversight.supervision.web.forms import AppealForm, ReasonForm
from tongban.oversight.supervision.web.words import line, reason_asked, unit_name
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web import formats
from tongban.web.contracts import Page

WHAT = {
    "": gettext_lazy("全部"),
    "yellow": gettext_lazy("黄色预警"),
    "red": gettext_lazy("红色预警"),
    "unexplained": gettext_lazy("待说明原因"),
    "appealed": gettext_lazy("申诉待裁定"),
    "excused": gettext_lazy("申诉成立"),
}
ON_TIME = ("casework.decided_on_time", "hotline.handled_on_time")


@never_cache
@require_safe
@officer_required(*access.READERS)
def board(request: ActorRequest) -> HttpResponse:
    """`?what=yellow|red|unexplained|appealed|excused&unit=`: warnings by unit and colour, and each of them."""
    what, unit_id = request.GET.get("what", ""), request.GET.get("unit", "")
    if what not in WHAT:
        raise Http404
    table = selectors.counted(request.actor)
    total = sum(table, Counted(""))
    shown = total if not unit_id else next((one for one in table if one.unit == unit_id), Counted(unit_id))
    tabs = [(key, label, getattr(shown, key, None) if key else None) for key, label in WHAT.items()]
    context = {
        **_listed(request, what=what, unit=unit_id), "table": [(one, unit_name(one.unit)) for one in table], "total": total,
        "tabs": tabs, "what": what, "unit": unit_id, "unit_name": unit_name(unit_id) if unit_id else "",
        "to_judge": [
            (one, last_day(one.docket.due_at) if one.docket.due_at else "")
            for one in selectors.appeals_to_judge(request.actor)
        ], "at": timezone.now(),
    }  # fmt: skip
    return render(request, "supervision/board.html", context)


def _listed(request: ActorRequest, *, what: str, unit: str) -> dict[str, Any]:
    given, at = request.GET.get("after", ""), timezone.now()
    rows, following = selectors.marks(
        request.actor,
        what=what,
        unit=unit,
        before=int(given) if given.isdecimal() and len(given) < 16 else None,
    )
    return {
        "rows": [line(row, actor=request.actor, at=at) for row in rows],
        "page": Page(next=str(following or "")),
    }


@never_cache
@require_safe
@officer_required(*access.READERS)
def unit(request: ActorRequest, unit: str) -> HttpResponse:
    """A unit's own page: how punctual it is this month, what it has to explain, what it appealed."""
    table = {one.unit: one for one in selectors.counted(request.actor)}
    rows = _listed(request, what=request.GET.get("what", "late"), unit=unit)
    own = unit in access.units_of(request.actor)
    if unit not in table and not rows["rows"] and not own:
        raise Http404
    figures = _figures(unit, timezone.localdate()) if access.may_count(request.actor, unit) else []
    context = {
        **rows, "unit": unit, "name": unit_name(unit), "counts": table.get(unit, Counted(unit)), "own": own,
        "figures": figures, "head": access.may_explain(request.actor, unit), "rules": rules(),
    }  # fmt: skip
    return render(request, "supervision/unit.html", context)


def _figures(unit_id: str, day: date) -> list[dict[str, Any]]:
    """On-time shares of this month and the last, as insight counts them, with the late marks that were taken away."""
    wanted = [one for key, one in insight.indicators(on=day).items() if key in ON_TIME]
    scope, found = insight.Scope(units=(unit_id,)), []
    for back in (0, 1):
        period = insight.month(day, back=back)
        series = insight.figures(wanted, period=period, scope=scope)
        late = selectors.late_of(
            unit_id, since=_midnight(period.first), until=_midnight(period.last, later=1)
        )
        for one in wanted:
            figure = series[one.id].figures.get(())
            if figure is not None and figure.whole:
                month = f"{period.first:%Y-%m}"
                found.append(
                    {
                        "month": month, "name": insight.name(one), "value": insight.shown(one, figure), "figure": figure,
                        "late": late, "url": f"/work/insight/{one.id}/facts?month={month}&unit={unit_id}",
                    }
                )  # fmt: skip
    return found


def _midnight(day: date, *, later: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=later), datetime.min.time()))


@never_cache
@require_safe
@officer_required(*access.READERS)
def one(request: ActorRequest, key: int) -> HttpResponse:
    """One warning: its limit, who was told when, the unit's reason, its appeals."""
    return _page(request, _mark(request, key))


@never_cache
@require_POST
@officer_required(*access.READERS)
def explain(request: ActorRequest, key: int) -> HttpResponseBase:
    """The unit's head gives the reason."""
    mark, form = _mark(request, key), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, mark, reason=form, status=422)
    try:
        appealing.explain(mark=key, actor=request.actor, at=timezone.now(), **form.cleaned_data)
    except SupervisionError as error:
        form.add_error(None, str(error))
        return _page(request, mark, reason=form, status=422)
    banners.success(request, _("原因已写下，不再往上报。"))
    return redirect("supervision:mark", key)


@never_cache
@require_POST
@officer_required(*access.READERS)
def appeal(request: ActorRequest, key: int) -> HttpResponseBase:
    """The unit's head appeals."""
    mark, form = _mark(request, key), AppealForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, mark, lodge=form, status=422)
    given, upload = form.cleaned_data, form.cleaned_data["evidence"]
    try:
        number = appealing.lodge(
            mark=key, ground=given["ground"], words=given["words"], actor=request.actor, at=timezone.now(),
            evidence=appealing.Evidence(upload, upload.name) if upload else None, key=request.POST.get("key", "")[:64],
        )  # fmt: skip
    except (SupervisionError, UploadError) as error:
        form.add_error("evidence" if isinstance(error, UploadError) else None, str(error))
        return _page(request, mark, lodge=form, status=422)
    banners.success(request, _("申诉已提出，编号%s，由上级效能监督裁定。") % number)
    return redirect("supervision:mark", key)


def _mark(request: ActorRequest, key: int) -> Mark:
    found = selectors.mark(request.actor, key)
    if found is None:
        raise Http404
    return found


def _page(
    request: ActorRequest, mark: Mark, *, reason: ReasonForm | None = None, lodge: AppealForm | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    at, head = timezone.now(), access.may_explain(request.actor, mark.unit)
    closed = appealing.why_not(mark, at=at)
    context = {
        "line": line(mark, actor=request.actor, at=at), "mark": mark, "kind": kernel.flow_of(mark.kind).label,
        "reason_words": word(rules().reasons, mark.reason), "appeals": _appeals(request, mark), "head": head,
        "late": mark.colour == Colour.RED, "closed": closed, "own": mark.unit in access.units_of(request.actor),
        "until": last_day(appealing.until_when(mark)) if not closed else "",
        "reason": reason or ReasonForm(initial={"reason": mark.reason, "words": mark.words}) if head else None,
        "explain_by": reason_asked(mark, at=at), "told": _told(mark, at),
        "lodge": lodge or AppealForm() if head and not closed else None,
    }  # fmt: skip
    return render(request, "supervision/mark.html", context, status=status)


def _appeals(request: ActorRequest, mark: Mark) -> list[dict[str, Any]]:
    flow = kernel.flow_of(KIND)
    return [
        {
            "own": one, "ground": word(rules().grounds, one.ground), "state": flow.states[one.docket.state].label,
            "files": attachments(one.docket_id), "due": last_day(one.docket.due_at) if one.docket.due_at else "",
            "judge": access.judge(request.actor, kernel.row_of(one.docket)) is not None,
            "said": _judgement(one.docket.number), "unit": unit_name(one.docket.unit),
        }
        for one in selectors.appeals_of(mark.pk)
    ]  # fmt: skip


def _judgement(number: str) -> str:
    """The reason with which an appeal was judged."""
    said = [one for one in kernel.history(number, at=timezone.now()) if one.act in ("uphold", "reject")]
    return str(said[-1].body["data"]["reason"]) if said else ""


def _told(mark: Mark, at: datetime) -> list[tuple[str, str]]:
    """Who of the line was told, and who is next."""
    stages = rules().line[mark.colour]
    found = []
    for place, stage in enumerate(stages):
        if place < mark.stage:
            found.append((str(stage.to.label), _("已报告")))
        elif place == mark.stage and mark.next_at is not None:
            found.append((str(stage.to.label), _("%s报告") % formats.long_date(max(mark.next_at, at))))
    return found
