from django.apps import AppConfig


class DefinitionsConfig(AppConfig):
    name = "tongban.oversight.insight.definitions"
    label = "definitions"
    verbose_name = "指标口径"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.kernel.jobs.health import register_check
        from tongban.oversight.insight.definitions import selectors

        register_check("definitions", selectors.troubles)
