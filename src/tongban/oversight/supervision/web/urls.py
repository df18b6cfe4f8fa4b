"""The board, a unit's own page, one warning, what a unit says to it."""

from django.urls import path

from tongban.oversight.supervision.web import views

app_name = "supervision"
urlpatterns = [
    path("work/supervision", views.board, name="board"),
    path("work/supervision/units/<str:unit>", views.unit, name="unit"),
    path("work/supervision/marks/<int:key>", views.one, name="mark"),
    path("work/supervision/marks/<int:key>/explain", views.explain, name="explain"),
    path("work/supervision/marks/<int:key>/appeal", views.appeal, name="appeal"),
]
