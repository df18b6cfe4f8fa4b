from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "tongban.registers.identity"
    label = "identity"
    verbose_name = "身份"
    default_auto_field = "django.db.models.BigAutoField"
