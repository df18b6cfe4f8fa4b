from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "tongban.desks.hotline.places"
    label = "places"
    verbose_name = "现场二维码"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        add(
            Entry(
                face="workbench", label=_("现场二维码"), url="/work/hotline/places", order=48, officers=True, to=_makes
            )
        )  # fmt: skip
        identity.register_demo_loader(order=89, name="places", loader=load_places)


def _makes(actor: object) -> bool:
    """Asked at every page, so from the grants alone."""
    from tongban.desks.hotline.places.access import MAKERS

    grants = getattr(actor, "grants", ())
    return any(grant.role in {role.value for role in MAKERS[:2]} for grant in grants)


def load_places(folder: Path, at: datetime) -> Mapping[str, int]:
    """A few sheets that hang in the demo city."""
    from tongban.desks.hotline.places import demo

    return demo.load(folder, at)
