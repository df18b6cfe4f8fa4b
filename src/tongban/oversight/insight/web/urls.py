"""Figures, one figure, and the facts behind it."""

from django.urls import path

from tongban.oversight.insight.web import views

app_name = "insight"
urlpatterns = [
    path("work/insight", views.listed, name="list"),
    path("work/insight/<str:key>", views.one, name="one"),
    path("work/insight/<str:key>/facts", views.facts_behind, name="facts"),
]
