"""Addresses of policies: for everybody, and for those who collect, split, check and publish them."""

from django.urls import path

from tongban.desks.policies.web import measure, public, work

app_name = "policies"
urlpatterns = [
    path("policies", public.listed, name="listed"),
    path("policies/calendar", public.calendar, name="calendar"),
    path("policies/<str:number>", public.policy, name="policy"),
    path("policies/<str:number>/file", public.file, name="media"),
    path("work/policies", work.listed, name="work"),
    path("work/policies/new", work.collect, name="collect"),
    path("work/policies/<str:number>", work.policy, name="work-policy"),
    path("work/policies/<str:number>/head", work.head, name="head"),
    path("work/policies/<str:number>/interpretation", work.interpretation, name="interpretation"),
    path("work/policies/<str:number>/files/<int:attachment>", work.file, name="original"),
    path("work/policies/<str:number>/measures/<slug:key>", measure.measure, name="measure"),
    path("work/policies/<str:number>/measures/<slug:key>/numbers", measure.numbers, name="numbers"),
    path("work/policies/<str:number>/measures/<slug:key>/compare", measure.compare, name="compare"),
    path("work/policies/<str:number>/measures/<slug:key>/forget", measure.forget, name="forget"),
]
