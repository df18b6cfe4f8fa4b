from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "tongban.desks.policies.claims"
    label = "claims"
    verbose_name = "政策兑现"
    default_auto_field = "django.db.models.BigAutoField"
