from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "tongban.desks.hotline"
    label = "hotline"
    verbose_name = "12345热线"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.hotline import (  # noqa: F401 - attach to flows, events, schedules and registers
            alarms,
            answer_moves,
            caller_moves,
            confiding,
            demo,
            handlers,
            helping,
            jobs,
            joining,
            keeping,
            services,
            unit_moves,
        )
        from tongban.registers.identity import api as identity

        identity.register_demo_loader(order=86, name="hotline", loader=demo.load)
