"""Addresses of benefits. Those of one benefit come last: a number is anything."""

from django.urls import path

from tongban.desks.policies.claims.web import asking, citizen, given, public, work

app_name = "claims"
urlpatterns = [
    path("benefits", citizen.mine, name="mine"),
    path("benefits/code", public.code, name="code"),
    path("benefits/publicity", public.lists, name="lists"),
    path("benefits/publicity/<str:number>", public.one, name="list"),
    path("benefits/publicity/<str:number>/object", public.object_to, name="object"),
    path("benefits/claim/<str:measure>", asking.claim, name="claim"),
    path("benefits/wish/<slug:measure>", citizen.wish, name="wish"),
    path("benefits/unwish/<str:number>", citizen.unwish, name="unwish"),
    path("benefits/<str:number>", citizen.one, name="one"),
    path("benefits/<str:number>/confirm", citizen.confirm, name="confirm"),
    path("benefits/<str:number>/correct", citizen.correct, name="correct"),
    path("benefits/<str:number>/decline", citizen.decline, name="decline"),
    path("benefits/<str:number>/supply", asking.supply, name="supply"),
    path("benefits/<str:number>/withdraw", asking.withdraw, name="withdraw"),
    path("work/benefits/given", given.index, name="given"),
    path("work/benefits/trace/<str:number>", work.trace, name="trace"),
    path("work/benefits/trace/<str:number>/recover", work.recover, name="recover"),
]
