from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "tongban.oversight.insight.subscriptions"
    label = "subscriptions"
    verbose_name = "指标订阅"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.oversight.insight.subscriptions import handlers, jobs  # noqa: F401 - hears events, declares jobs
