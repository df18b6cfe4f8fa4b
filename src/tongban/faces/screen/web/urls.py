"""Pages of the screen."""

from django.urls import path

from tongban.faces.screen.web import views

app_name = "screen"
urlpatterns = [
    path("screen", views.screen, name="screen"),
    path("screen/figures", views.figures, name="figures"),
]
