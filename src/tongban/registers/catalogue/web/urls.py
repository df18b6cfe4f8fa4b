"""Pages of the catalogue, open to everybody."""

from django.urls import path

from tongban.registers.catalogue.web import views

app_name = "catalogue"
urlpatterns = [
    path("search", views.search, name="search"),
    path("search/suggest", views.suggest, name="suggest"),
    path("matters", views.matters, name="matters"),
    path("matters/<str:code>", views.guide, name="guide"),
]
