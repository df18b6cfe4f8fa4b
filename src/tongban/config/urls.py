"""Every page and door of the platform, context by context."""

from importlib import import_module
from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from tongban.config import api

# In this order: the first match answers.
CONTEXTS = (
    "tongban.kernel",
    "tongban.registers.identity",
    "tongban.registers.identity.privacy",
    "tongban.registers.catalogue",
    "tongban.registers.messages",
    "tongban.registers.seals",
    "tongban.registers.archive",
    "tongban.registers.licences",
    "tongban.registers.licences.paper",
    "tongban.registers.licences.showing",
    "tongban.registers.licences.trades",
    "tongban.registers.payments",
    "tongban.registers.knowledge",
    "tongban.registers.portraits",
    "tongban.desks.themes",
    "tongban.desks.themes.schools",
    "tongban.desks.cases",
    "tongban.desks.hotline.telephony",
    "tongban.desks.hotline.listening",
    "tongban.desks.hotline.figures",
    "tongban.desks.hotline.heat",
    "tongban.desks.hotline.sorting",
    "tongban.desks.hotline.places",
    "tongban.desks.hotline.mailbox",
    "tongban.desks.policies.matching",
    "tongban.desks.policies.claims",
    "tongban.desks.policies",
    "tongban.desks.bundles",
    "tongban.oversight.appraisal",
    "tongban.oversight.supervision",
    "tongban.oversight.insight.foresight",
    "tongban.oversight.insight.reports",
    "tongban.oversight.insight.definitions",
    "tongban.oversight.insight.months",
    "tongban.oversight.insight.exports",
    "tongban.oversight.insight.subscriptions",
    "tongban.oversight.insight",
    "tongban.faces.hotline",
    "tongban.faces.open311",
    "tongban.faces.workbench",
    "tongban.faces.screen",
    "tongban.faces.kiosk",
    "tongban.faces.portal",
    "tongban.web",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/v1/", include((api.patterns(), "api"))),
]
for context in CONTEXTS:
    module = f"{context}.urls" if context == "tongban.web" else f"{context}.web.urls"
    try:
        found = find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found:
        urlpatterns.append(path("", include(import_module(module))))

handler400 = "tongban.web.errors.bad_request"
handler403 = "tongban.web.errors.permission_denied"
handler404 = "tongban.web.errors.page_not_found"
handler500 = "tongban.web.errors.server_error"
