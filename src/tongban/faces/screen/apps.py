from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreenConfig(AppConfig):
    name = "tongban.faces.screen"
    label = "screen"
    verbose_name = "领导驾驶舱"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.web.navigation import Entry, add

        add(Entry(face="screen", label=_("大屏"), url="/screen", order=10, officers=True))
