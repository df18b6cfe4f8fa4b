"""Addresses of objecting to a licence."""

from django.urls import path

from tongban.registers.licences.web import objecting

app_name = "objections"
urlpatterns = [
    path("licences/<int:licence>/object", objecting.raise_one, name="raise"),
    path("licences/objections/<str:number>", objecting.one, name="one"),
    path("licences/objections/<str:number>/withdraw", objecting.withdraw, name="withdraw"),
]
