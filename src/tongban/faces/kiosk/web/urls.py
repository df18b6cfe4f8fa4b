"""Pages of a kiosk, and the page on the phone that gives its code."""

from django.urls import path

from tongban.faces.kiosk.web import views

app_name = "kiosk"
urlpatterns = [
    path("kiosk", views.home, name="home"),
    path("kiosk/matters", views.matters, name="matters"),
    path("kiosk/enter", views.enter, name="enter"),
    path("kiosk/mine", views.mine, name="mine"),
    path("kiosk/longer", views.longer, name="longer"),
    path("kiosk/end", views.end, name="end"),
    path("kiosk/cleared", views.cleared, name="cleared"),
    path("my/kiosk", views.code, name="code"),
]
