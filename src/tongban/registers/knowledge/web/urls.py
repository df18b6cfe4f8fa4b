"""Addresses of the knowledge base: for everybody, and for those who keep it."""

from django.urls import path

from tongban.registers.knowledge.web import public, work

app_name = "knowledge"
urlpatterns = [
    path("knowledge", public.search, name="search"),
    path("knowledge/ask", public.ask, name="ask"),
    path("knowledge/asked/<str:number>", public.asked, name="asked"),
    path("knowledge/<slug:key>", public.entry, name="entry"),
    path("knowledge/<slug:key>/opinion", public.opinion, name="opinion"),
    path("work/knowledge", work.listed, name="work"),
    path("work/knowledge/new", work.edit, name="new"),
    path("work/knowledge/<slug:key>", work.entry, name="work-entry"),
    path("work/knowledge/<slug:key>/edit", work.edit, name="edit"),
    path("work/knowledge/<slug:key>/act", work.act, name="act"),
    path("work/knowledge/<slug:key>/diff", work.diff, name="diff"),
]
