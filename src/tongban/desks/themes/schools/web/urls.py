"""Addresses of schools."""

from django.urls import path

from tongban.desks.themes.schools.web import lists, parents, retaking

app_name = "schools"
urlpatterns = [
    path("schools", parents.index, name="index"),
    path("schools/<slug:school>", parents.school, name="school"),
    path("schools/<slug:school>/begin", parents.begin, name="begin"),
    path("schools/<slug:school>/poster.pdf", parents.poster, name="poster"),
    path("schools/photos/<int:photo>", retaking.retake, name="retake"),
    path("work/schools", lists.index, name="lists"),
    path("work/schools/<slug:school>", lists.one, name="list"),
    path("work/schools/<slug:school>/photos/<int:photo>", lists.photo, name="photo"),
]
