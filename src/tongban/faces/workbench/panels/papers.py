"""Papers with their files, as every kind of docket shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from tongban.faces.workbench.panels.evidence import Shown
from tongban.kernel.files.selectors import attachments

WAYS = {
    "upload": gettext_lazy("已上传"), "known": gettext_lazy("政府已有，免交"), "later": gettext_lazy("容缺，稍后补"), "commit": gettext_lazy("告知承诺"),
    "result": gettext_lazy("由前一事项产生"), "paper": gettext_lazy("窗口收原件"), "form": gettext_lazy("由申请表生成"),
    "earlier": gettext_lazy("用以前交过的"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """One material with its files. `met` says whether it is there."""

    key: str
    name: str
    way: str
    met: bool
    due_on: object
    files: list[dict[str, Any]]
    evidence: Shown | None = None


def by_slot(docket: int, number: str) -> dict[str, list[dict[str, Any]]]:
    """The files of a docket by slot, as a page links them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in attachments(docket):
        found.setdefault(one.slot, []).append(
            {
                "name": one.name, "size": one.file.size, "url": f"/work/{number}/files/{one.pk}",
                "image": one.file.media_type.startswith("image/"),
            }
        )  # fmt: skip
    return found
