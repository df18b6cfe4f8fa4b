"""Addresses of Open311; the suffix ``.json`` or ``.xml`` is part of the last word."""

from django.urls import path

from tongban.faces.open311.web.views import door

app_name = "open311"
urlpatterns = [
    path("open311/v2/<str:what>", door, name="many"),
    path("open311/v2/<str:what>/<str:which>", door, name="one"),
]
