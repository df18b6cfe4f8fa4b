from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "tongban.oversight.insight.facts"
    label = "facts"
    verbose_name = "事实表"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.kernel.jobs.health import register_check
        from tongban.oversight.insight.facts import handlers, jobs, selectors  # noqa: F401 - watch, declare jobs

        register_check("facts", selectors.troubles)
