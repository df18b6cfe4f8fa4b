"""Pages and doors of the shell itself."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path

from tongban.web import gallery, views

app_name = "web"


def _everyone(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The mark that says who may open a page; the shell lies beside identity and cannot name its `Access`."""
    view.access = "everyone"  # type: ignore[attr-defined]  # read by the test of routes
    return view


def _only_in_demo(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    return gallery.show(request)


urlpatterns = [
    path("csp-report", _everyone(views.csp_report), name="csp-report"),
    path("preferences", _everyone(views.preferences), name="preferences"),
    path("session/extend", _everyone(views.extend_session), name="extend-session"),
    path("offline", _everyone(views.offline), name="offline"),
    path("manifest.webmanifest", _everyone(views.manifest), name="manifest"),
    path("service-worker.js", _everyone(views.service_worker), name="service-worker"),
    path("gallery", _everyone(_only_in_demo), name="gallery"),
]
