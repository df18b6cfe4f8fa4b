"""What was unusual, what is expected, and handing it on."""

from django.urls import path

from tongban.oversight.insight.foresight.web import views

app_name = "foresight"
urlpatterns = [
    path("work/insight/anomalies", views.anomalies, name="anomalies"),
    path("work/insight/foresight", views.expected, name="expected"),
    path("work/insight/foresight/hand", views.hand, name="hand"),
    path("work/insight/foresight/tasks/<int:key>", views.answer, name="answer"),
]
