"""Packages of one docket, for officers who see it."""

from django.urls import path

from tongban.actors.api import Role
from tongban.registers.archive.web import views
from tongban.registers.identity.api import officer_required

app_name = "archive"
makers = officer_required(Role.WINDOW, Role.HANDLER, Role.APPROVER, Role.HEAD, Role.SUPERVISOR, Role.ADMIN)
urlpatterns = [
    path("work/<str:number>/archive", makers(views.packages), name="packages"),
    path("work/<str:number>/archive/<int:version>.zip", makers(views.package), name="package"),
]
