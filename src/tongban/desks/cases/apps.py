from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tongban.desks.cases"
    label = "cases"
    verbose_name = "办件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.cases import (  # noqa: F401 - attach to flows, events and schedules
            archiving,
            charging,
            handlers,
            handlers_after,
            importing,
            jobs,
            keeping,
            looking_up,
            services,
            services_after,
            telling_of_papers,
        )
