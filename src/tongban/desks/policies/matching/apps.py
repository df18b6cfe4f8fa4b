from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "tongban.desks.policies.matching"
    label = "matching"
    verbose_name = "政策匹配"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.policies.matching import handlers, jobs, keeping  # noqa: F401 - declare what they do
