"""Addresses of verifying."""

from django.urls import path

from tongban.registers.licences.paper.web import views

app_name = "verify"
urlpatterns = [
    path("verify", views.start, name="start"),
    path("verify/<str:token>", views.by_token, name="token"),
]
