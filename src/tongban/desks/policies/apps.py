from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "tongban.desks.policies"
    label = "policies"
    verbose_name = "惠企惠民政策"
    default_auto_field = "django.db.models.BigAutoField"
