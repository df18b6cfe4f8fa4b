"""Codes at places: the list, making one, its sheet to print, retiring it."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.desks.hotline.places import selectors, services
from tongban.desks.hotline.places.access import MAKERS
from tongban.desks.hotline.places.contracts import PlacesRefused, PlaceView
from tongban.desks.hotline.places.web.forms import PlaceForm
from tongban.kernel import api as kernel
from tongban.kernel.pdf import render_pdf
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web import formats
from tongban.web.contracts import Page
from tongban.web.site import site

SIZES = {"a4": ("a4", 120), "a6": ("a6", 64)}
"""Papers, each with the width of the code in millimetres: read from two metres on a wall, from one on a post."""


def address_of(code: str) -> str:
    """What a code says: short, so that it is coarse and reads well."""
    return f"{settings.SITE_ADDRESS}/12345/at/{code}"


def region_name(code: str) -> str:
    """A division with the one above it, in the reader's language."""
    chain = [one for one in actors.region_chain(code) if one != settings.ROOT_REGION]
    infos = sorted((actors.region(one) for one in chain), key=lambda one: one.level)
    names = [one.name_en if formats.english() and one.name_en else one.name for one in infos]
    if not names:
        return actors.region(code).name
    return ", ".join(reversed(names)) if formats.english() else "".join(names)


@never_cache
@require_safe
@officer_required(*MAKERS)
def listed(request: ActorRequest) -> HttpResponse:
    """Places of the own divisions, newest first."""
    given = request.GET.get("after", "")
    rows, more = selectors.places(actor=request.actor, before=int(given) if given.isdecimal() else None)
    context = {
        "rows": [{"one": one, "region": region_name(one.region)} for one in rows],
        "page": Page(next=more),
    }
    return render(request, "places/places.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*MAKERS)
def new(request: ActorRequest) -> HttpResponseBase:
    """Make a code."""
    form = PlaceForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make(
                services.NewPlace(**form.cleaned_data), actor=request.actor, at=timezone.now()
            )
        except PlacesRefused as error:
            for name, words in error.fields.items():
                form.add_error(name, words)
        else:
            messages.success(request, _("做好了。打印贴出去，扫码就能用。"))
            return redirect("places:place", made.code)
    return render(request, "places/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _found(request: ActorRequest, code: str) -> PlaceView:
    try:
        return selectors.place(code, actor=request.actor)
    except kernel.NotFound as error:
        raise Http404(str(error)) from None


@never_cache
@require_safe
@officer_required(*MAKERS)
def one(request: ActorRequest, code: str) -> HttpResponse:
    """One place: its code, its sheets, how many tickets came from it."""
    found = _found(request, code)
    drawn = segno.make(address_of(found.code), error="m").svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="pl-qr", lineclass=None
    )
    context = {
        "one": found, "region": region_name(found.region), "address": address_of(found.code),
        "code": SafeString(drawn),  # drawn by us from an address of ours
    }  # fmt: skip
    return render(request, "places/place.html", context)


@never_cache
@require_POST
@officer_required(*MAKERS)
def retire(request: ActorRequest, code: str) -> HttpResponseBase:
    """Take a code out of use."""
    found = _found(request, code)
    services.retire(found.code, actor=request.actor, at=timezone.now())
    messages.success(request, _("停用了。已经贴出去的还能扫开，页面会说明并请人直接提交或打12345。"))
    return redirect("places:place", found.code)


@never_cache
@require_safe
@officer_required(*MAKERS)
def sheet(request: ActorRequest, code: str) -> HttpResponseBase:
    """The sheet to hang up, A4 or A6."""
    found = _found(request, code)
    if not found.live:
        raise Http404(_("这个码停用了，不再打印。"))
    size = request.GET.get("size", "a4")
    paper, wide = SIZES.get(size, SIZES["a4"])
    content = render_pdf("placard", _words(found, paper, wide), at=timezone.now())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="12345-{found.code}-{paper}.pdf"'
    return answer


def _words(found: PlaceView, paper: str, wide: int) -> dict[str, object]:
    """What the sheet says: in Chinese, with one line of English, whoever prints it."""
    drawn = io.BytesIO()
    made = segno.make(address_of(found.code), error="q")
    made.save(drawn, kind="svg", xmldecl=False, border=2, dark="#000", light="#fff")
    return {
        "lang": "zh", "paper": paper, "wide": wide, "title": "扫码说事，马上收下", "issuer": actors.unit_name(unit_id=found.unit),
        "name": found.name, "code": drawn.getvalue().decode(), "code_words": f"诉求二维码：{found.name}",
        "lead": "这里有问题，扫一扫就能说", "hotline": site().hotline,
        "steps": ["地点已经填好，写是什么事，可以拍照", "马上拿到编号，凭编号和电话查进度", f"不扫码也行，打{site().hotline}说，24小时有人接"],
        "danger": "着火打119，报警打110，急救打120", "foot": f"点位 {found.code}",
        "english": f"Something wrong here? Scan and tell us, or call {site().hotline}. Emergencies: 110, 119, 120.",
    }  # fmt: skip
