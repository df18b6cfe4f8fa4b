"""Pages of sorting."""

from django.urls import path

from tongban.desks.hotline.sorting.web import views

app_name = "sorting"
urlpatterns = [
    path("work/hotline/sorting", views.overview, name="overview"),
    path("work/hotline/sorting/thresholds", views.trust, name="trust"),
    path("work/hotline/sorting/thresholds/drop", views.drop, name="drop"),
    path("work/hotline/sorting/versions", views.go_back, name="go-back"),
    path("work/hotline/sorting/proposals", views.behind, name="behind"),
]
