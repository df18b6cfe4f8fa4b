"""Addresses of the hotline's desk."""

from django.urls import path

from tongban.faces.hotline.web import desk, grid, operator

app_name = "operating"
urlpatterns = [
    path("work/hotline", desk.desk, name="desk"),
    path("work/hotline/new", operator.new, name="new"),
    path("work/hotline/assist", operator.assist, name="assist"),
    path("work/hotline/line", operator.line, name="line"),
    path("work/hotline/presence", operator.presence, name="presence"),
    path("work/hotline/calls/<int:call>/<str:act>", operator.handle_call, name="call"),
    path("work/hotline/grid", grid.rounds, name="grid"),
    path("work/hotline/grid/new", grid.new, name="grid-new"),
    path("work/hotline/grid/<str:number>", grid.one, name="grid-one"),
]
