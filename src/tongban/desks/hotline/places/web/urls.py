"""Pages of places, for the desk."""

from django.urls import path

from tongban.desks.hotline.places.web import views

app_name = "places"
urlpatterns = [
    path("work/hotline/places", views.listed, name="places"),
    path("work/hotline/places/new", views.new, name="new"),
    path("work/hotline/places/<slug:code>", views.one, name="place"),
    path("work/hotline/places/<slug:code>/retire", views.retire, name="retire"),
    path("work/hotline/places/<slug:code>/sheet.pdf", views.sheet, name="sheet"),
]
