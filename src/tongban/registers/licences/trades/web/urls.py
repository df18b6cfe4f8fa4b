"""Addresses of licences per trade."""

from django.urls import path

from tongban.registers.licences.trades.web import views

app_name = "trades"
urlpatterns = [
    path("trades", views.index, name="index"),
    path("trades/<slug:trade>", views.one, name="one"),
    path("trades/<slug:trade>/combine", views.combine, name="combine"),
]
