from django.apps import AppConfig


class ThemesConfig(AppConfig):
    name = "tongban.desks.themes"
    label = "themes"
    verbose_name = "一件事"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.themes import searching
        from tongban.registers.catalogue import api as catalogue

        catalogue.register_search_provider("themes", searching.provide)
