"""Pages of messages."""

from django.urls import path

from tongban.registers.messages.web import views

app_name = "messaging"
urlpatterns = [
    path("inbox", views.inbox, name="inbox"),
    path("inbox/<int:message_id>", views.letter, name="letter"),
    path("inbox/settings", views.settings_page, name="settings"),
]
