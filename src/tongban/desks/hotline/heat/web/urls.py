"""Pages of heat."""

from django.urls import path

from tongban.desks.hotline.heat.web import repeats, views

app_name = "heat"
urlpatterns = [
    path("work/hotline/heat", views.listed, name="groups"),
    path("work/hotline/heat/<int:number>", views.group, name="group"),
    path("work/hotline/subjects", views.subjects, name="subjects"),
    path("work/hotline/subjects/<str:name>", views.subject, name="subject"),
    path("work/hotline/repeats", repeats.listed, name="repeats"),
]
