"""Pages of listening: for the desk, and for everybody."""

from django.urls import path

from tongban.desks.hotline.listening.web import officer, public

app_name = "listening"
urlpatterns = [
    path("work/hotline/sessions", officer.listed, name="sessions"),
    path("work/hotline/sessions/new", officer.new, name="session-new"),
    path("work/hotline/sessions/<str:number>", officer.session, name="session"),
    path("work/hotline/sessions/<str:number>/tickets", officer.add, name="session-ticket"),
    path("hotline/sessions", public.listed, name="public-sessions"),
    path("hotline/sessions/<str:number>", public.session, name="public-session"),
]
