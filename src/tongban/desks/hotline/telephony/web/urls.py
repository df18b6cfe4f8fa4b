"""Pages of telephony."""

from django.urls import path

from tongban.desks.hotline.telephony.web import views

app_name = "telephony"
urlpatterns = [
    path("work/hotline/lines", views.lines, name="lines"),
    path("work/hotline/lines/<str:line>", views.line, name="line"),
    path("work/hotline/calls", views.calls, name="calls"),
]
