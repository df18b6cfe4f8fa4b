"""Addresses of showing and scanning."""

from django.urls import path

from tongban.registers.licences.showing.web import files, holder, officer, showings

app_name = "licences"
urlpatterns = [
    path("licences", holder.mine, name="mine"),
    path("licences/uses", holder.uses, name="uses"),
    path("licences/city-code", showings.city, name="city-code"),
    path("licences/showings/<int:showing>", showings.page, name="showing"),
    path("licences/showings/<int:showing>/code", showings.code, name="code"),
    path("licences/showings/<int:showing>/end", showings.end, name="end"),
    path("licences/<int:licence>", holder.one, name="licence"),
    path("licences/<int:licence>/show", showings.show, name="show"),
    path("licences/<int:licence>.pdf", files.pdf, name="pdf"),
    path("licences/<int:licence>.json", files.statement, name="statement"),
    path("s/<str:token>", officer.arrive, name="arrive"),
    path("work/scan", officer.scan, name="scan"),
    path("work/scan/<int:scan>", officer.seen, name="seen"),
]
