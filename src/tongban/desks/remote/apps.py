from django.apps import AppConfig


class RemoteConfig(AppConfig):
    name = "tongban.desks.remote"
    label = "remote"
    verbose_name = "远程窗口"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.remote import (  # noqa: F401 - attach to flows, events and schedules
            demo,
            drafting,
            handlers,
            jobs,
            keeping,
            services,
        )
        from tongban.registers.identity import api as identity

        identity.register_demo_loader(order=66, name="remote", loader=demo.load)
