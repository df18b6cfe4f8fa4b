"""Views of the shell: preferences, policy reports, session, the installable app."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.web import csp, session
from tongban.web import preferences as chosen
from tongban.web.context import frame
from tongban.web.errors import problem
from tongban.web.site import GROUND_COLOR, THEME_COLOR


def safe_next(request: HttpRequest, given: str) -> str:
    """`given` when it is a page of this site, else the home page: nobody is sent elsewhere."""
    allowed = url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return given if allowed and given.startswith("/") else "/"


# A preference harms nobody and carries no authority; without a token pages need no session and stay
# cacheable. A form on another site is refused by the browser's own Sec-Fetch-Site.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show or keep how pages look; open to everybody."""
    if request.method == "GET":
        return render(
            request, "web/preferences.html", {"next": safe_next(request, request.GET.get("next", "/"))}
        )
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        return problem(request, status=403, title=_("这个设置要在本站的页面上改。"))
    response = HttpResponseRedirect(safe_next(request, request.POST.get("next", "/")))
    response.status_code = 303
    for name in ("mode", "size", "theme", "language"):
        if name not in request.POST:
            continue
        try:
            chosen.write(response, name=name, value=request.POST[name])
        except ValueError:
            return problem(request, status=400, title=_("没有这个显示选项。"))
    if request.POST.get("mode") == "":  # leaving the elder mode leaves its larger step as well
        chosen.write(response, name="size", value="")
    return response


@csrf_exempt  # browsers send reports without a token
@require_http_methods(["GET", "POST"])
def csp_report(request: HttpRequest) -> HttpResponse:
    """Take a browser's report. In demo and debug a GET tells how many there were, for tests."""
    if request.method == "GET":
        if not (settings.DEBUG or getattr(settings, "DEMO", False)):
            raise Http404
        return JsonResponse({"count": len(csp.RECENT), "recent": list(csp.RECENT)})
    body = request.read(csp.REPORT_MAX_BYTES + 1)
    if len(body) > csp.REPORT_MAX_BYTES:
        return HttpResponse(status=413)
    try:
        csp.take(body)
    except ValueError:
        return HttpResponse(status=400)
    return HttpResponse(status=204)


@require_POST
def extend_session(request: HttpRequest) -> HttpResponse:
    """One tap of a signed-in reader lets the session run its full span again."""
    if frame(request).actor is None:
        return problem(request, status=403, title=_("登录已到期，请重新登录；草稿都在。"))
    seconds = session.extend(request)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"seconds": seconds})
    response = HttpResponseRedirect(safe_next(request, request.POST.get("next", "/")))
    response.status_code = 303
    return response


@require_GET
@cache_control(max_age=3600, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """The installable web app 掌上办."""
    site = frame(request, anonymous=True).site
    icons = [
        {"src": static(f"tongban/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    icons.append(
        {
            "src": static("tongban/icon-maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        }
    )
    document = {
        "name": site.name,
        "short_name": site.name,
        "lang": "zh-Hans",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND_COLOR,
        "theme_color": THEME_COLOR,
        "icons": icons,
    }
    return HttpResponse(
        json.dumps(document, ensure_ascii=False), content_type="application/manifest+json; charset=utf-8"
    )


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What the installed app shows without a network; nothing personal, so it may be kept."""
    return render(request, "web/offline.html", {"shell": frame(request, anonymous=True)})


@require_GET
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker, at the root so that it covers every page."""
    assets = [
        static(name)
        for name in ("tongban/tongban.css", "tongban/app.js", "vendor/htmx.min.js", "tongban/icons.svg")
    ]
    version = hashlib.sha256("\n".join(assets).encode()).hexdigest()[:12]
    return render(
        request,
        "web/service-worker.js",
        {
            "assets": json.dumps(["/offline", *assets]),
            "prefix": json.dumps(settings.STATIC_URL),
            "version": version,
        },
        content_type="text/javascript; charset=utf-8",
    )
