"""Pages of identity."""

from django.urls import path

from tongban.registers.identity.web import profile, views

app_name = "identity"
urlpatterns = [
    path("signin", views.sign_in, name="signin"),
    path("signout", views.sign_out, name="signout"),
    path("identity/act-for", views.act_for, name="act-for"),
    path("identity/unit", views.switch_unit, name="unit"),
    path("profile", profile.profile, name="profile"),
    path("profile/tokens", profile.new_token, name="new-token"),
    path("profile/tokens/<int:token_id>/revoke", profile.revoke_token, name="revoke-token"),
]
