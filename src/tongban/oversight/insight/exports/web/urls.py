"""Files of figures and facts."""

from django.urls import path

from tongban.oversight.insight.exports.web import views

app_name = "exports"
urlpatterns = [
    path("work/insight/export", views.listed, name="list"),
    path("work/insight/export/<str:key>", views.one, name="one"),
    path("work/insight/export/<str:key>/facts", views.facts, name="facts"),
]
