from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "tongban.kernel"
    label = "kernel"
    verbose_name = "内核"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate
        from django.utils import timezone

        from tongban.kernel import lookups, schedules  # noqa: F401 - what queries may say; declares jobs
        from tongban.kernel.calendar.selectors import on_calendar_loaded
        from tongban.kernel.calendar.services import seed_when_empty
        from tongban.kernel.clock.firing import recompute_provisional

        on_calendar_loaded(lambda: recompute_provisional(at=timezone.now()))
        post_migrate.connect(seed_when_empty, sender=self)
