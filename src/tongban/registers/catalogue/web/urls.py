"""Pages of the catalogue, open to everybody."""

from django.urls import path

from tongban.registers.catalogue.web import views
from tongban.registers.identity.api import open_to_all

app_name = "catalogue"
urlpatterns = [
    path("search", open_to_all(views.search), name="search"),
    path("search/suggest", open_to_all(views.suggest), name="suggest"),
    path("matters", open_to_all(views.matters), name="matters"),
    path("matters/<str:code>", open_to_all(views.guide), name="guide"),
]
