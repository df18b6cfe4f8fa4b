from django.apps import AppConfig


class HelpingConfig(AppConfig):
    name = "tongban.desks.helping"
    label = "helping"
    verbose_name = "帮办代办"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.helping import handlers, keeping, services  # noqa: F401 - attach to flows and events
