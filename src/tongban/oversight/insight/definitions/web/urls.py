"""Definitions: all of them, one with its versions, its form, and a proposal."""

from django.urls import path

from tongban.oversight.insight.definitions.web import editor, ending, views

app_name = "definitions"
urlpatterns = [
    path("work/insight/definitions", views.listed, name="list"),
    path("work/insight/definitions/new", editor.edit, name="new"),
    path("work/insight/definitions/proposals/<int:pk>", views.proposed, name="proposal"),
    path("work/insight/definitions/proposals/<int:pk>/decide", views.decide, name="decide"),
    path("work/insight/definitions/<str:key>", views.one, name="one"),
    path("work/insight/definitions/<str:key>/edit", editor.edit, name="edit"),
    path("work/insight/definitions/<str:key>/end", ending.end, name="end"),
]
