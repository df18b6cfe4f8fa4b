"""Pages of the workbench."""

from django.urls import path

from tongban.faces.workbench.web import docket, files, moves, supervision, worklist

app_name = "workbench"
urlpatterns = [
    path("workbench", worklist.front, name="front"),
    path("work", worklist.worklist, name="worklist"),
    path("work/bulk", worklist.bulk, name="bulk"),
    path("work/late", supervision.late, name="late"),
    path("work/delegations", supervision.delegations, name="delegations"),
    path("work/<str:number>", docket.docket, name="docket"),
    path("work/<str:number>/ledger", docket.ledger, name="ledger"),
    path("work/<str:number>/print", docket.paper, name="print"),
    path("work/<str:number>/reveal", docket.reveal, name="reveal"),
    path("work/<str:number>/moves/<str:move>", moves.make, name="move"),
    path("work/<str:number>/files/<int:attachment>", files.file, name="file"),
]
