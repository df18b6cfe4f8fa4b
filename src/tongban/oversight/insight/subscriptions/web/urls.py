"""The own subscriptions."""

from django.urls import path

from tongban.oversight.insight.subscriptions.web import views

app_name = "subscriptions"
urlpatterns = [
    path("work/insight/subscriptions", views.listed, name="list"),
    path("work/insight/subscriptions/<int:pk>/end", views.end, name="end"),
]
