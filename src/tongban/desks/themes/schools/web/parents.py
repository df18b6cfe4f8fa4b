"""What a parent scans: one code per school, which begins the enrolment with the school filled in."""

from __future__ import annotations

import io
from itertools import groupby
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.desks.themes.schools import known, selectors, services
from tongban.desks.themes.schools.models import School
from tongban.desks.themes.web import state
from tongban.desks.themes.web.here import applicant_of, region_name
from tongban.kernel.pdf import render_pdf
from tongban.registers.identity.api import ActorRequest, open_to_all

CHOICE = "school.choice"


@require_safe
@open_to_all
def index(request: ActorRequest) -> HttpResponse:
    """Every school with its code, by county."""
    rows = [(one, name_of(one)) for one in selectors.schools()]
    regions = [
        (region_name(code), list(found)) for code, found in groupby(rows, key=lambda row: row[0].region)
    ]
    return render(request, "themes/schools/index.html", {"regions": regions})


@never_cache
@require_safe
@open_to_all
def school(request: ActorRequest, school: str) -> HttpResponse:
    """What the code leads to: the school, what it takes, and one button."""
    one = found(school)
    return render(request, "themes/schools/school.html", {**_told(one), "applicant": applicant_of(request)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def begin(request: ActorRequest, school: str) -> HttpResponse:
    """Begin the enrolment with the school filled in and what offices know answered; then the first open question.

    Doing so again goes on with what was begun for this school, so that a second scan loses nothing.
    """
    one, at = found(school), timezone.now()
    if request.method != "POST":
        return redirect("schools:school", one.code)
    begun = state.load(request, services.THEME, at=at)
    if begun is None or begun.region != one.region:
        begun = state.Begun(slug=services.THEME, region=one.region)
    applicant = applicant_of(request)
    facts: dict[str, Any] = {}
    if applicant.startswith("person:"):
        facts = known.facts_of(applicant, by=request.actor, at=at, draft=begun.key)
    begun.answers = {
        **known.answers(facts, region=one.region, stage=one.stage),
        **begun.answers,
        "stage": one.stage,
    }
    begun.delivery = (
        begun.delivery or "electronic"
    )  # the notice comes to the phone; the check page lets one change it
    _choose(begun, one, str(facts.get(CHOICE, "")))
    state.start(request, begun, at=at)
    return redirect("themes:notice", services.THEME)


def _choose(begun: state.Begun, one: School, told: str) -> None:
    """The school into the form; where the education bureau's zoning says the same one, its words stay."""
    begun.form.pop(CHOICE, None)
    begun.fixes.pop(CHOICE, None)
    if told.partition("（")[0].strip() == one.name:
        return
    begun.form[CHOICE] = one.name
    if told:
        begun.fixes[CHOICE] = {"reason": _("扫学校报名码选的学校"), "files": []}


@require_safe
@open_to_all
def poster(_request: ActorRequest, school: str) -> HttpResponse:
    """A sheet for the school's gate."""
    one = found(school)
    address = address_of(one)
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, border=2, dark="#000", light="#fff")
    data = {
        "lang": "zh", "title": f"{one.name}入学报名", "issuer": region_name(one.region), "foot": address,
        "code": drawn.getvalue().decode(), "code_words": f"报名二维码：{address}", "lead": "扫码报名，不用排队",
        "steps": ["用手机扫码，登录", "核对已经知道的：户籍、房产、接种等由部门核对", "点提交，收到编号就报上了"],
        "notes": [f"电话 {one.phone or '12345'}，不会用手机的可以到校或打12345请人帮办。", "同一类别按报名先后排序，报上就行，不用抢；不收费。"],
        "english": "Scan to enrol. Sign in, confirm what is already known, submit.",
    }  # fmt: skip
    content = render_pdf("poster", data, at=timezone.now())
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{one.code}.pdf"'},
    )


def found(code: str) -> School:
    """:raises Http404: no such school"""
    one = selectors.school(code)
    if one is None:
        raise Http404(_("没有这所学校的报名码。请看学校名单，或打12345。"))
    return one


def address_of(one: School) -> str:
    """What the school's code says."""
    return f"{settings.SITE_ADDRESS}/schools/{one.code}"


def name_of(one: School) -> str:
    """The school's name in the reader's language."""
    return one.name_en if one.name_en and (get_language() or "").startswith("en") else one.name


def _told(one: School) -> dict[str, Any]:
    return {
        "school": one, "name": name_of(one), "region_name": region_name(one.region),
        "junior": one.stage == "junior", "year": services.school_year(timezone.now()),
    }  # fmt: skip
