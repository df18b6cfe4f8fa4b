"""Months: all of them, and one as it was published beside what the facts say now."""

from django.urls import path

from tongban.oversight.insight.months.web import views

app_name = "months"
urlpatterns = [
    path("work/insight/months", views.listed, name="list"),
    path("work/insight/months/<str:month>", views.one, name="one"),
]
