from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "tongban.faces.portal"
    label = "portal"
    verbose_name = "门户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.faces.portal import beginning, bundled, sharing
        from tongban.faces.portal import papers as _papers  # noqa: F401  # declares what is sealed before archiving
        from tongban.registers.catalogue import api as catalogue
        from tongban.web.navigation import Entry, add

        add(Entry(face="portal", label=_("一件事"), url="/themes", order=20))
        add(Entry(face="portal", label=_("我的"), url="/my", order=30))
        add(Entry(face="portal", label=_("查进度"), url="/progress", order=40))
        add(Entry(face="portal", label=_("12345"), url="/12345", order=50))
        sharing.connect()
        bundled.connect()
        catalogue.register_guide_action("portal", beginning.of)
