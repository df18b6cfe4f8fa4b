"""Lists of a school for who keeps them: who applied, seats, photos that a human has to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.desks.themes.schools import selectors, services
from tongban.desks.themes.schools.access import KEEPERS
from tongban.desks.themes.schools.models import Photo, PhotoState, School
from tongban.desks.themes.schools.web.parents import name_of
from tongban.kernel.files.models import StoredFile
from tongban.kernel.files.serving import serve
from tongban.registers.identity.api import ActorRequest, forbidden, officer_required


@never_cache
@require_safe
@officer_required(*KEEPERS)
def index(request: ActorRequest) -> HttpResponse:
    """The schools whose lists this officer keeps, with seats and what waits."""
    rows = selectors.counts(selectors.kept_by(request.actor), at=timezone.now())
    return render(
        request, "themes/schools/lists.html", {"rows": [(one, name_of(one.school)) for one in rows]}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*KEEPERS)
def one(request: ActorRequest, school: str) -> HttpResponseBase:
    """One school's list; a POST gives or takes seats, accepts photos or asks for them anew."""
    found = _kept(request, school)
    if isinstance(found, HttpResponse):
        return found
    if request.method == "POST":
        messages.info(request, _act(request, found))
        return redirect("schools:list", found.code)
    at = timezone.now()
    (count,) = selectors.counts([found], at=at)
    context = {
        "school": found, "name": name_of(found), "count": count,
        "waiting": selectors.lines(found, placed=False, at=at), "placed": selectors.lines(found, placed=True, at=at),
        "clean": selectors.photos(found, PhotoState.CLEAN, at=at),
        "doubtful": selectors.photos(found, PhotoState.DOUBTFUL, at=at),
    }  # fmt: skip
    return render(request, "themes/schools/list.html", context)


def _act(request: ActorRequest, school: School) -> str:
    """Do what was asked for with what was marked; gives the words about it."""
    marked = {int(one) for one in request.POST.getlist("mark") if one.isdecimal() and len(one) < 16}
    said: dict[str, Any] = {"actor": request.actor, "at": timezone.now()}
    match request.POST.get("act", ""):
        case "place" if marked:
            done = services.place(school, marked, **said)
            return _("已安排%(placed)d个学位；学位不够没安排%(full)d个，孩子已有学位的%(double)d个。") % {
                "placed": done.placed, "full": done.full, "double": done.double,
            }  # fmt: skip
        case "release" if marked:
            return _("已收回%d个学位。") % services.release(school, marked, **said)
        case "accept" if marked:
            return _("已采用%d张照片。") % services.decide_photos(school, marked, accept=True, **said)
        case "refuse" if marked:
            return _("已请家长重拍%d张。") % services.decide_photos(school, marked, accept=False, **said)
        case _:
            return _("请先勾选，再点要做的事。")


@never_cache
@require_safe
@officer_required(*KEEPERS)
def photo(request: ActorRequest, school: str, photo: int) -> HttpResponseBase:
    """One photo, for who keeps the list."""
    found = _kept(request, school)
    if isinstance(found, HttpResponse):
        return found
    row = Photo.objects.filter(pk=photo, enrolment__school=found).first()
    kept = StoredFile.objects.filter(pk=row.digest).first() if row else None
    if row is None or kept is None:
        raise Http404(_("没有这张照片。"))
    return serve(file=kept, name=row.paper)


def _kept(request: ActorRequest, code: str) -> School | HttpResponse:
    school = selectors.school(code)
    if school is None:
        raise Http404(_("没有这所学校。"))
    if school.pk not in {one.pk for one in selectors.kept_by(request.actor)}:
        return forbidden(request, _("这所学校的名单由别的单位管，请找该单位。"))
    return school
