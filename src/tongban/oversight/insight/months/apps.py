from django.apps import AppConfig


class MonthsConfig(AppConfig):
    name = "tongban.oversight.insight.months"
    label = "months"
    verbose_name = "指标月结"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.oversight.insight.months import jobs  # noqa: F401 - declare jobs
