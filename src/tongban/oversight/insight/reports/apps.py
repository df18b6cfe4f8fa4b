from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "tongban.oversight.insight.reports"
    label = "reports"
    verbose_name = "通报和年报"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.oversight.insight.definitions.using import register_needs
        from tongban.oversight.insight.reports import jobs  # noqa: F401 - declares a job
        from tongban.oversight.insight.reports.definitions import needs

        register_needs(needs)
