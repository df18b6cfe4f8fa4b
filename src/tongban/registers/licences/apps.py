from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LicencesConfig(AppConfig):
    name = "tongban.registers.licences"
    label = "licences"
    verbose_name = "电子证照"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.kernel.files.destroying import register_holder
        from tongban.kernel.jobs.health import register_check
        from tongban.registers.catalogue import api as catalogue
        from tongban.registers.identity import api as identity
        from tongban.registers.licences import handlers as _handlers  # noqa: F401  # declares what it hears
        from tongban.registers.licences import (
            keeping,  # noqa: F401  # export and erasure of one's own data
            objections,  # noqa: F401  # attaches effects to the flow
        )
        from tongban.registers.licences.paper import handlers, jobs, selectors, services  # noqa: F401  # declare themselves
        from tongban.registers.licences.showing import jobs as showing_jobs  # noqa: F401  # likewise
        from tongban.registers.licences.trades import services as trades  # noqa: F401  # follows the parts
        from tongban.web.navigation import Entry, add

        catalogue.register_english("licence kinds", kinds_in_english)
        register_holder(selectors.files_among)
        register_check("licence papers", services.troubles)
        add(Entry(face="portal", label=pgettext_lazy("navigation", "证照"), url="/licences", order=35))
        add(Entry(face="workbench", label=_("扫码"), url="/work/scan", order=30, officers=True))

        identity.register_demo_loader(order=40, name="licences", loader=load_holdings)


def kinds_in_english() -> Mapping[str, str]:
    """What each kind of licence is called in English, for guides that name it as a result."""
    from tongban.registers.licences.kinds import names_in_english

    return names_in_english()


def load_holdings(folder: Path, at: datetime) -> Mapping[str, int]:
    """The licences that the demo city's people and companies hold already."""
    from tongban.registers.licences import demo

    return demo.load_holdings(folder, at)
