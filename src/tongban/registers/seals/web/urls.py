"""What everybody may know of the seals: the root's certificates, and which seals are revoked."""

from django.urls import path

from tongban.registers.identity.api import open_to_all
from tongban.registers.seals.web import views

app_name = "seals"
urlpatterns = [
    path("seals", open_to_all(views.about), name="about"),
    path("seals/root.pem", open_to_all(views.root), name="root"),
    path("seals/root-sm2.pem", open_to_all(views.root_sm2), name="root-sm2"),
]
