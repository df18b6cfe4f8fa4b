from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThemesConfig(AppConfig):
    name = "tongban.desks.themes"
    label = "themes"
    verbose_name = "一件事"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.themes import knowing, searching
        from tongban.desks.themes.schools import access, handlers, jobs, keeping, services  # noqa: F401  # declare themselves
        from tongban.registers.catalogue import api as catalogue
        from tongban.registers.identity import api as identity
        from tongban.registers.knowledge import api as knowledge
        from tongban.web import navigation

        catalogue.register_search_provider("themes", searching.provide)
        knowledge.register_source("themes", knowing.SOURCE)
        navigation.add(
            navigation.Entry(
                face="workbench", label=_("入学名单"), url="/work/schools", order=34, officers=True,
                to=access.may_keep_lists,
            )
        )  # fmt: skip
        # After the catalogue's step: a theme is checked against the matters that are published.
        identity.register_demo_loader(order=50, name="themes", loader=load_packs)
        identity.register_demo_loader(order=55, name="schools", loader=services.load_schools)
        identity.register_demo_loader(order=60, name="work", loader=load_work)


def load_work(folder: Path, at: datetime) -> Mapping[str, int]:
    """Some weeks of work for the demo city."""
    from tongban.desks.themes.demo import work

    return work.load_work(folder, at)


def load_packs(_folder: Path, at: datetime) -> Mapping[str, int]:
    """Publish the themes of the packs for the root region; tells how many were new."""
    from tongban.desks.themes import services
    from tongban.registers.identity import api as identity

    return services.load_packs(at=identity.demo_began(at))
