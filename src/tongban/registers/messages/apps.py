from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "tongban.registers.messages"
    label = "messaging"  # Django has an app called messages
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.kernel.jobs.health import register_check
        from tongban.registers.identity.api import register_messenger
        from tongban.registers.messages import jobs, keeping, selectors, telling  # noqa: F401  # declares its jobs
        from tongban.web.navigation import Entry, add

        register_check("messages", selectors.troubles)
        register_messenger(telling.Postman())
        add(Entry(face="portal", label=_("消息"), url="/inbox", order=80))
        add(Entry(face="workbench", label=_("消息"), url="/inbox", order=80, officers=True))
