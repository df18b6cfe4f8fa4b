from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tongban.web"
    label = "web"
    verbose_name = "外壳"
    default_auto_field = "django.db.models.BigAutoField"
