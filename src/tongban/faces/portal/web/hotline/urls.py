"""Addresses of 12345 for citizens; part of the portal's."""

from django.urls import path

from tongban.faces.portal.web.hotline import following, letters, saying

urlpatterns = [
    path("12345", saying.home, name="hotline"),
    path("12345/new", saying.say, name="hotline-say"),
    path("12345/answers", saying.answers, name="hotline-answers"),
    path("12345/at/<slug:code>", saying.at_place, name="hotline-place"),
    path("12345/sent/<str:number>", following.sent, name="hotline-sent"),
    path("12345/progress", following.ask, name="hotline-progress"),
    path("12345/follow/<str:number>", following.follow, name="hotline-follow"),
    path("12345/follow/<str:number>/<slug:name>", following.act, name="hotline-act"),
    path("12345/mine", following.mine, name="hotline-mine"),
    path("12345/mailbox", letters.listed, name="hotline-mailbox"),
    path("12345/mailbox/new", saying.letter, name="hotline-letter-new"),
    path("12345/mailbox/<str:number>", letters.one, name="hotline-letter"),
]
