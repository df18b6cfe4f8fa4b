from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    name = "tongban.desks.hotline.figures"
    label = "figures"
    verbose_name = "热线数据"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.web.navigation import Entry, add

        add(Entry(face="screen", label=_("热线"), url="/work/hotline/screen", order=20, officers=True))
