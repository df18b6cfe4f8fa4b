"""The wizard's form: a task list of what is left, and one group of fields a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.desks.themes import filling
from tongban.desks.themes.contracts import FieldGroup, Plan
from tongban.desks.themes.planning import SHANGHAI
from tongban.desks.themes.submission import delivery_errors
from tongban.desks.themes.web import fixing, forms
from tongban.desks.themes.web.begin import away
from tongban.desks.themes.web.here import Here, find, planned
from tongban.registers.identity.api import ActorRequest, citizen_required

MOST_TYPED = 2000
"""Characters of one field that an unfinished page keeps."""


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list: 要填 with what is left, or ✓."""

    name: str
    url: str
    left: int
    anchor: str


def today_of(here: Here) -> date:
    return here.at.astimezone(SHANGHAI).date()


def ready(request: ActorRequest, slug: str) -> tuple[Here, Plan] | HttpResponse:
    """Where the reader stands, with the plan; or where to go first."""
    here = find(request, slug)
    if isinstance(here, HttpResponse):
        return here
    plan = planned(here)
    if isinstance(plan, HttpResponse):
        return plan
    return here, plan


def tasks_of(here: Here, plan: Plan) -> list[Task]:
    """What there is to do between the notice and the check, each with how much is left."""
    known = here.known(plan)
    found = []
    for number, group in enumerate(forms.groups_of(plan), start=1):
        left = _left(here, plan, group, known)
        found.append(
            Task(group.name.text(language()), here.url("form", number), len(left), f"group-{number}")
        )
    papers = here.paper_errors(plan)
    if any(paper.brought for paper in plan.materials):
        found.append(Task(_("材料"), here.url("materials"), len(papers), "materials"))
    sent = delivery_errors(plan, here.begun.asked()) if here.begun.delivery else {"delivery:way": ""}
    found.append(Task(_("结果怎么给您"), here.url("delivery"), len(sent), "delivery"))
    return found


def _left(here: Here, plan: Plan, group: FieldGroup, known: Mapping[str, filling.Known]) -> dict[str, str]:
    """What is wrong or missing in a group so far."""
    return forms.group_filled(
        plan, group, here.begun.form, known, today=today_of(here), reasons=here.begun.reasons()
    ).errors


def language() -> str:
    from django.utils.translation import get_language

    return get_language() or ""


def onward(here: Here, plan: Plan, *, after: str = "") -> HttpResponse:
    """To the next thing that is left, looking first behind the one just done; then to the check."""
    tasks = tasks_of(here, plan)
    anchors = [task.anchor for task in tasks]
    start = anchors.index(after) if after in anchors else 0
    for task in [*tasks[start:], *tasks[:start]]:
        if task.left:
            return redirect(task.url)
    return redirect(here.url("check"))


@never_cache
@require_safe
@citizen_required
def tasks(request: ActorRequest, slug: str) -> HttpResponse:
    """The task list: what is left, in any order, saved at each step."""
    found = ready(request, slug)
    if isinstance(found, HttpResponse):
        return found
    here, plan = found
    listed = tasks_of(here, plan)
    context = {
        **here.frame(3, here.url("notice")), "plan": plan, "tasks": listed,
        "left": sum(1 for task in listed if task.left), "known": len(here.known(plan)),
        "unavailable": away(here, plan),
        "first": next((task.url for task in listed if task.left), ""),
    }  # fmt: skip
    return render(request, "themes/tasks.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def form(request: ActorRequest, slug: str, number: int) -> HttpResponse:
    """One group of the form."""
    found = ready(request, slug)
    if isinstance(found, HttpResponse):
        return found
    here, plan = found
    groups = forms.groups_of(plan)
    if not 1 <= number <= len(groups):
        raise Http404(_("这张表没有第%d页。") % number)
    known = here.known(plan)
    errors: dict[str, str] = {}
    if request.method == "POST":
        shown = set(_page(here, plan, number, known).form.fields)
        errors = fixing.take(here, request, shown, known) | _take(here, plan, request, shown)
        here.save()
        if not errors:
            if _left(here, plan, groups[number - 1], known):
                messages.info(request, _("按您填的，这一页还要再填几项。"))
            return onward(here, plan, after=f"group-{number}")
    page = _page(here, plan, number, known, errors)
    back = here.url("tasks")
    context = {
        **here.frame(3, back), "plan": plan, "page": page, "form": page.form, "count": len(groups),
        "unavailable": away(here, plan),
    }  # fmt: skip
    return render(request, "themes/form.html", context, status=422 if errors else 200)


def _page(
    here: Here,
    plan: Plan,
    number: int,
    known: Mapping[str, filling.Known],
    errors: dict[str, str] | None = None,
) -> forms.GroupPage:
    return forms.page_of(
        plan, number, values=here.begun.form, typed=here.begun.typed, known=known, today=today_of(here),
        fixes=here.begun.fixes, errors=errors,
    )  # fmt: skip


def _take(here: Here, plan: Plan, request: ActorRequest, shown: set[str]) -> dict[str, str]:
    """Keep the good values of a page, and what was typed wrong beside them; gives the words for those."""
    known, begun = here.known(plan), here.begun
    posted = {key: request.POST[key][:MOST_TYPED] for key in shown if key in request.POST}
    result = filling.Filled()
    for item in plan.asked:
        if item.key in shown:
            filling.take(item, posted, known, result, begun.reasons())
    for key in shown:
        begun.form.pop(key, None)
        begun.typed.pop(key, None)
        if key in result.errors and posted.get(key):
            begun.typed[key] = posted[key]
    # What is known is not copied: the registers' present word counts until the applicant says otherwise.
    said = {
        key: value for key, value in result.values.items() if key not in known or value != known[key].value
    }
    begun.form |= said
    return result.errors


@never_cache
@require_POST
@citizen_required
def keep(request: ActorRequest, slug: str, number: int) -> HttpResponse:
    """What is typed so far, sent every few seconds while somebody fills in a page; nothing is refused."""
    found = ready(request, slug)
    if isinstance(found, HttpResponse):
        return HttpResponse(status=409)
    here, plan = found
    if not 1 <= number <= len(forms.groups_of(plan)):
        return HttpResponse(status=404)
    shown = set(_page(here, plan, number, here.known(plan)).form.fields)
    fixing.take(here, request, shown, here.known(plan))
    _take(here, plan, request, shown)
    here.save()
    return HttpResponse(status=204)
