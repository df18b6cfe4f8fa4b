from django.urls import path

from tongban.kernel.web import views

urlpatterns = [path("healthz", views.healthz, name="healthz")]
