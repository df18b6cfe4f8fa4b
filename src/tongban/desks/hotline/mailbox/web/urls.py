"""Pages on which letters are decided about, for the desk."""

from django.urls import path

from tongban.desks.hotline.mailbox.web import views

app_name = "mailbox"
urlpatterns = [
    path("work/hotline/letters", views.listed, name="letters"),
    path("work/hotline/letters/<str:number>", views.one, name="letter"),
]
