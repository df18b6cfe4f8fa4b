"""The panel of a remote session on its docket page: who, where, the consent, and the way to the shared page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.desks.remote import api as desk
from tongban.faces.workbench import remote, words
from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.kernel import api as kernel


@register("remote")
def remote_panels(asked: Asked) -> list[Panel]:
    """Who looks at what together."""
    found = desk.session_of(asked.row, asked.actor)
    shared = (
        kernel.docket_by_id(found.shared, actor=kernel.SYSTEM).number if found.shared else _("还没提交的草稿")
    )
    return [
        Panel(
            "workbench/panels/remote.html",
            {"found": found, "near": remote.near_name(found.near_unit), "far": words.unit_name(found.far_unit), "shared": shared},
        )
    ]  # fmt: skip
