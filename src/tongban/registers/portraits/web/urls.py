"""Addresses of portraits. No address names a person's or company's number."""

from django.urls import path

from tongban.registers.portraits.web import citizen, correcting, work

app_name = "portraits"
urlpatterns = [
    path("my/portrait", citizen.mine, name="mine"),
    path("my/portrait/consents", citizen.consents, name="consents"),
    path("my/portrait/refresh", citizen.refresh, name="refresh"),
    path("my/portrait/correct/<str:element>", correcting.ask, name="correct"),
    path("my/portrait/corrections/<str:number>", correcting.one, name="correction"),
    path("my/portrait/corrections/<str:number>/withdraw", correcting.withdraw, name="withdraw"),
    path("work/portraits", work.search, name="search"),
    path("work/portraits/<slug:ref>", work.one, name="one"),
]
