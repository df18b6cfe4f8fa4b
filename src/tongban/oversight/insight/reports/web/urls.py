"""Reports, one report and its files, and a unit's own page. Stands before the pages of indicators."""

from django.urls import path

from tongban.oversight.insight.reports.web import departments, short, views

app_name = "reports"
urlpatterns = [
    path("work/insight/reports", views.listed, name="list"),
    path("work/insight/reports/<str:kind>/<str:when>", views.read, name="one"),
    path("work/insight/reports/<str:kind>/<str:when>/<str:form>", views.file, name="file"),
    path("work/insight/short/<str:key>", short.short, name="short"),
    path("work/insight/departments", departments.listed, name="departments"),
    path("work/insight/departments/<str:unit>", departments.one, name="department"),
]
