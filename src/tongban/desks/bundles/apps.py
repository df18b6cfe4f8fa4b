from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BundlesConfig(AppConfig):
    name = "tongban.desks.bundles"
    label = "bundles"
    verbose_name = "增值服务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.bundles import (  # noqa: F401 - attach to flows, hear events, keep what is due
            handlers,
            keeping,
            ordering,
            providing,
        )
        from tongban.registers.identity import api as identity
        from tongban.web.navigation import Entry, add

        identity.register_demo_loader(order=75, name="bundles", loader=load_bundles)
        add(Entry(face="portal", label=_("一类事"), url="/bundles", order=70))
        add(
            Entry(
                face="workbench", label=_("企业服务"), url="/work/bundles", order=37, officers=True, to=_serves_companies
            )
        )  # fmt: skip


def _serves_companies(actor: object) -> bool:
    """Asked at every page, so from the grants alone."""
    return any(grant.role == "specialist" for grant in getattr(actor, "grants", ()))


def load_bundles(folder: Path, at: datetime) -> Mapping[str, int]:
    """Providers, offers and orders of the demo city."""
    from tongban.desks.bundles import demo

    return demo.load(folder, at)
