from django.apps import AppConfig


class ThemesConfig(AppConfig):
    name = "tongban.desks.themes"
    label = "themes"
    verbose_name = "一件事"
    default_auto_field = "django.db.models.BigAutoField"
