"""Pages of telephony."""

from django.urls import path

from tongban.desks.hotline.telephony.web import recordings, views

app_name = "telephony"
urlpatterns = [
    path("work/hotline/lines", views.lines, name="lines"),
    path("work/hotline/lines/<str:line>", views.line, name="line"),
    path("work/hotline/calls", views.calls, name="calls"),
    path("work/hotline/calls/<int:call>/recording", recordings.recording, name="recording"),
    path("work/hotline/calls/<int:call>/sound", recordings.sound, name="sound"),
]
