"""The page on which a parent takes a refused photo again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.desks.themes.schools import looking, retaking
from tongban.desks.themes.schools.models import Photo, PhotoState
from tongban.desks.themes.schools.web.parents import name_of
from tongban.kernel.files.errors import UploadError
from tongban.registers.identity.api import ActorRequest, citizen_required


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def retake(request: ActorRequest, photo: int) -> HttpResponseBase:
    """Why it was refused, what a good one shows, until when, and one button."""
    row = Photo.objects.filter(pk=photo).select_related("enrolment", "enrolment__school").first()
    if row is None or row.enrolment.applicant not in {request.actor.id, *request.actor.parties}:
        raise Http404(_("没有这张照片。"))
    at, problem = timezone.now(), ""
    if request.method == "POST":
        upload = request.FILES.get("photo")
        if upload is None:
            problem = _("请先拍照或选一张照片。")
        else:
            try:
                retaking.retake(row.pk, upload=upload, actor=request.actor, at=at)
            except (retaking.RetakeRefused, UploadError) as error:
                problem = getattr(error, "message", "") or str(error)
            else:
                messages.success(request, _("照片已交上，学校看过再告诉您。"))
                return redirect("portal:application", row.enrolment.number)
    done = row.state != PhotoState.REFUSED or Photo.objects.filter(instead_of=row).exists()
    context = {
        "photo": row, "name": name_of(row.enrolment.school), "paper": _paper(row), "done": done,
        "late": not retaking.in_time(row, at), "found": [str(looking.SAID[code]) for code in row.findings.split()],
        "problem": problem, "targets": [{"text": problem, "target": "photo"}] if problem else [],
    }  # fmt: skip
    answer: HttpResponse = render(
        request, "themes/schools/retake.html", context, status=422 if problem else 200
    )
    return answer


def _paper(photo: Photo) -> dict[str, Any]:
    """The paper's name in the reader's language, with what a good one shows."""
    found = retaking.paper_of(photo)
    if found is None:
        return {"name": photo.paper, "sample": "", "mistakes": ()}
    english = (get_language() or "").startswith("en")
    return {
        "name": found.name_en if english and found.name_en else found.name,
        "sample": found.sample, "mistakes": found.mistakes,
    }  # fmt: skip
