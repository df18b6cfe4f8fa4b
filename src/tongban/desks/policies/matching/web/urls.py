"""Addresses of matching: why, and alerts, for the holder; figures, runs and one party's check for officers."""

from django.urls import path

from tongban.desks.policies.matching.web import check, citizen, work

app_name = "matching"
urlpatterns = [
    path("benefits/why/<slug:key>", citizen.why, name="why"),
    path("benefits/why/<slug:key>/mute", citizen.mute, name="mute"),
    path("benefits/news", citizen.news, name="news"),
    path("work/policies/matching", work.index, name="work"),
    path("work/policies/matching/run", work.start, name="start"),
    path("work/policies/matching/runs/<int:number>", work.run, name="run"),
    path("work/policies/matching/check", check.ask, name="check"),
    path("work/policies/matching/checked", check.standings, name="checked"),
    path("work/policies/matching/checked/<slug:key>", check.why, name="checked-why"),
]
"""Before `policies/<number>`: `config.urls` includes this room first."""
