from django.apps import AppConfig


class ScreenConfig(AppConfig):
    name = "tongban.faces.screen"
    label = "screen"
    verbose_name = "领导驾驶舱"
    default_auto_field = "django.db.models.BigAutoField"
