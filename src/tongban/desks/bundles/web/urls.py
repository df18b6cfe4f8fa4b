"""Addresses of bundles."""

from django.urls import path

from tongban.desks.bundles.web import mine, provider, public, work

app_name = "bundles"
urlpatterns = [
    path("bundles", public.index, name="index"),
    path("bundles/providers", public.providers, name="providers"),
    path("bundles/providers/<str:number>", public.provider, name="provider"),
    path("bundles/needs/<slug:key>", public.need, name="need"),
    path("bundles/offers/<int:key>", public.offer, name="offer"),
    path("bundles/<slug:slug>", public.bundle, name="bundle"),
    path("my/orders", mine.orders, name="orders"),
    path("my/orders/new/<int:key>", mine.new, name="new"),
    path("my/orders/<str:number>", mine.one, name="mine"),
    path("my/orders/<str:number>/<str:move>", mine.act, name="act"),
    path("provider", provider.home, name="home"),
    path("provider/apply", provider.apply, name="apply"),
    path("provider/offers/new", provider.offer, name="offering"),
    path("provider/acts/<str:move>", provider.act, name="standing"),
    path("provider/orders/<str:number>", provider.order, name="order"),
    path("provider/orders/<str:number>/<str:move>", provider.answer, name="answer"),
    path("work/bundles", work.index, name="work"),
    path("work/bundles/companies/<str:party>", work.company, name="company"),
]
