"""Pages of appraisal."""

from django.urls import path

from tongban.oversight.appraisal.web import views

app_name = "appraisal"
urlpatterns = [
    path("evaluate/<str:number>", views.evaluate, name="evaluate"),
    path("evaluations", views.evaluations, name="evaluations"),
]
