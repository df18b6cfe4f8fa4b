"""Pages of privacy: of the person, and of who answers for the data."""

from django.urls import path

from tongban.registers.identity.privacy.web import keeping, own

app_name = "privacy"
urlpatterns = [
    path("my/privacy", own.overview, name="overview"),
    path("my/privacy/seen", own.seen, name="seen"),
    path("my/privacy/consents", own.consents, name="consents"),
    path("my/privacy/consents/<int:consent>/withdraw", own.withdraw, name="withdraw"),
    path("my/privacy/export", own.export, name="export"),
    path("my/privacy/export/<int:export>", own.exporting, name="exporting"),
    path("my/privacy/export/<int:export>/package", own.package, name="package"),
    path("my/privacy/erase", own.erase, name="erase"),
    path("my/privacy/erase/<str:number>", own.erasing, name="erasing"),
    path("work/retention", keeping.lists, name="retention"),
    path("work/retention/<int:disposal>", keeping.one, name="disposal"),
]
