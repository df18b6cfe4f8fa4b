"""Addresses of the workbench."""

from django.urls import path

from tongban.faces.workbench.web import (
    crossing,
    delegations,
    docket,
    files,
    helping,
    inquiries,
    instant,
    moves,
    partners,
    remote,
    supervision,
    worklist,
)

app_name = "workbench"
urlpatterns = [
    path("workbench", worklist.front, name="front"),
    path("work", worklist.worklist, name="worklist"),
    path("work/bulk", worklist.bulk, name="bulk"),
    path("work/late", supervision.late, name="late"),
    path("work/delegations", delegations.listed, name="delegations"),
    path("work/delegations/new", delegations.grant, name="delegation-new"),
    path("work/delegations/<int:delegation>/revoke", delegations.revoke, name="delegation-revoke"),
    path("work/helping", helping.people, name="helping"),
    path("work/helping/paper", helping.paper, name="helping-paper"),
    path("work/helping/<int:mandate>/begin", helping.begin, name="helping-begin"),
    path("work/helping/<int:mandate>/lay-down", helping.lay_down, name="helping-lay-down"),
    path("work/helping/<int:mandate>/code", helping.code, name="helping-code"),
    path("work/helping/<int:mandate>/scan", helping.scan, name="helping-scan"),
    path("work/crossing", crossing.listed, name="crossing"),
    path("work/remote", remote.listed, name="remote"),
    path("work/remote/new", remote.begin, name="remote-new"),
    path("work/remote/<str:number>", remote.session, name="remote-session"),
    path("work/remote/<str:number>/view", remote.view, name="remote-view"),
    path("work/remote/<str:number>/point", remote.point, name="remote-point"),
    path("work/remote/<str:number>/do/<str:name>", remote.move, name="remote-move"),
    path("work/remote/<str:number>/files/<int:attachment>", remote.file, name="remote-file"),
    path("work/inquiries/new", inquiries.ask, name="inquiry-new"),
    path("work/inquiries/answer", inquiries.answer, name="inquiry-answer"),
    path("work/partners", partners.listed, name="partners"),
    path("work/instant", instant.listed, name="instant"),
    path("work/instant/switch", instant.switch, name="instant-switch"),
    path("work/<str:number>", docket.docket, name="docket"),
    path("work/<str:number>/ledger", docket.ledger, name="ledger"),
    path("work/<str:number>/print", docket.paper, name="print"),
    path("work/<str:number>/reveal", docket.reveal, name="reveal"),
    path("work/<str:number>/moves/<str:move>", moves.make, name="move"),
    path("work/<str:number>/files/<int:attachment>", files.file, name="file"),
]
