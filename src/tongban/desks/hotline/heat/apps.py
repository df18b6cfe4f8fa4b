from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HeatConfig(AppConfig):
    name = "tongban.desks.hotline.heat"
    label = "heat"
    verbose_name = "多人一次"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.hotline.heat import demo, handlers, jobs, keeping, moves  # noqa: F401 - attach to flows and events
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        add(Entry(face="workbench", label=_("热点"), url="/work/hotline/heat", order=47, officers=True))
        identity.register_demo_loader(order=88, name="heat", loader=demo.load)
