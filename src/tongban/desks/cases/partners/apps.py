from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "tongban.desks.cases.partners"
    label = "partners"
    verbose_name = "跨域通办"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.cases.partners import asking, demo, handlers, jobs, keeping, services  # noqa: F401 - attach to flows, events and schedules
        from tongban.registers.identity import api as identity

        identity.register_demo_loader(order=45, name="partners", loader=demo.load)
        identity.register_demo_loader(order=65, name="handovers", loader=demo.load_work)
