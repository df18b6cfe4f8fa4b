"""Pages and doors of the shell itself."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from tongban.web import gallery, views

app_name = "web"


def _only_in_demo(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    return gallery.show(request)


urlpatterns = [
    path("csp-report", views.csp_report, name="csp-report"),
    path("preferences", views.preferences, name="preferences"),
    path("session/extend", views.extend_session, name="extend-session"),
    path("offline", views.offline, name="offline"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("service-worker.js", views.service_worker, name="service-worker"),
    path("gallery", _only_in_demo, name="gallery"),
]
