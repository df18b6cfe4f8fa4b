from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class KnowledgeConfig(AppConfig):
    name = "tongban.registers.knowledge"
    label = "knowledge"
    verbose_name = "知识库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.identity import api as identity
        from tongban.registers.knowledge import jobs, questions  # noqa: F401  # declare themselves
        from tongban.web.navigation import Entry, add

        add(Entry(face="portal", label=pgettext_lazy("navigation", "问答"), url="/knowledge", order=45))
        add(Entry(face="workbench", label=_("知识库"), url="/work/knowledge", order=32, officers=True))
        identity.register_demo_loader(order=35, name="knowledge", loader=load_pack)


def load_pack(_folder: Path, at: datetime) -> Mapping[str, int]:
    """The entries of packs/knowledge, published."""
    from tongban.registers.knowledge import importing

    return importing.load_pack(at=at)
