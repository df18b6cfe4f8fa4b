from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tongban.desks.cases"
    label = "cases"
    verbose_name = "办件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.cases import handlers, importing, keeping, services  # noqa: F401 - attach to flows and events
