"""Pages of the portal."""

from django.urls import path
from django.views.generic import RedirectView

from tongban.faces.portal.web import (
    acts,
    authorities,
    doorstep,
    files,
    handovers,
    home,
    mine,
    pages,
    printing,
    progress,
    remote,
    surveys,
)
from tongban.faces.portal.web.hotline import urls as hotline
from tongban.registers.identity.api import open_to_all

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("nearby", home.nearby, name="nearby"),
    path("my", mine.things_page, name="my"),
    path("mine", open_to_all(RedirectView.as_view(url="/my", query_string=True))),
    path("my/authorities", authorities.listed, name="authorities"),
    path("my/authorities/new", authorities.whom, name="authority-whom"),
    path("my/authorities/new/matters", authorities.what, name="authority-what"),
    path("my/authorities/<int:mandate>/revoke", authorities.revoke, name="authority-revoke"),
    path("my/authorities/<int:mandate>/paper", authorities.paper, name="authority-paper"),
    path("my/doorstep", doorstep.ask, name="doorstep"),
    path("my/doorstep/<str:number>", doorstep.asked, name="doorstep-asked"),
    path("my/handovers/<str:number>", handovers.one, name="handover"),
    path("my/handovers/<str:number>/mend", handovers.mend, name="handover-mend"),
    path("my/remote/new/<str:slug>", remote.begin, name="remote-new"),
    path("my/remote/<str:number>", remote.session, name="remote"),
    path("my/remote/<str:number>/view", remote.view, name="remote-view"),
    path("my/remote/<str:number>/do/<str:name>", remote.move, name="remote-move"),
    path("my/<str:number>", mine.application, name="application"),
    path("my/<str:number>/supply", acts.supply, name="supply"),
    path("my/<str:number>/undertakings/<str:own>", acts.follow_up, name="follow-up"),
    path("my/<str:number>/withdraw", acts.withdraw, name="withdraw"),
    path("my/<str:number>/arrived", acts.arrived, name="arrived"),
    path("my/<str:number>/download", files.everything, name="download"),
    path("my/<str:number>/decisions/<str:case>.pdf", printing.decision, name="decision-pdf"),
    path("my/<str:number>/surveys/<str:own>", surveys.survey, name="survey"),
    path("receipts/<str:number>.pdf", printing.receipt, name="receipt-pdf"),
    path("receipts/<str:number>", mine.receipt, name="receipt"),
    path("files/<str:number>/<int:attachment>", files.file, name="file"),
    path("progress", progress.progress, name="progress"),
    path("help", pages.helping, name="help"),
    path("accessibility", pages.accessibility, name="accessibility"),
    path("feedback", pages.feedback, name="feedback"),
    *hotline.urlpatterns,
]
