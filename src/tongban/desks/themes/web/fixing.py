"""Correcting what an office says: the reason and the proof that come with a changed value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.themes.filling import Known
from tongban.desks.themes.web.here import Here
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.services import clean_name, store
from tongban.registers.identity.api import ActorRequest

LONGEST_REASON = 500
MOST_FILES = 5


def take(here: Here, request: ActorRequest, shown: set[str], known: Mapping[str, Known]) -> dict[str, str]:
    """Take over reasons and proofs of a page, by data element; gives the words for files that were refused."""
    errors: dict[str, str] = {}
    removed = request.POST.get("remove-proof", "")
    for key in sorted(shown):
        if key not in known or not known[key].vouched or f"reason:{key}" not in request.POST:
            continue
        fix = here.begun.fixes.setdefault(key, {"reason": "", "files": []})
        fix["reason"] = request.POST[f"reason:{key}"].strip()[:LONGEST_REASON]
        fix["files"] = [one for one in fix["files"] if removed != f"{key}:{one['digest']}"]
        for upload in request.FILES.getlist(f"proof:{key}"):
            try:
                _add(fix, upload, here)
            except UploadError as error:
                errors[key] = _("%(name)s：%(reason)s") % {
                    "name": clean_name(upload.name or ""), "reason": error.message,
                }  # fmt: skip
        if not fix["reason"] and not fix["files"]:
            here.begun.fixes.pop(key)
    return errors


def _add(fix: dict[str, Any], upload: Any, here: Here) -> None:
    if len(fix["files"]) >= MOST_FILES:
        raise UploadError("many", _("一项最多%d个证明文件，请合并后再传。") % MOST_FILES)
    stored = store(content=upload, name=upload.name or "", at=here.at)
    if all(one["digest"] != stored.digest for one in fix["files"]):
        fix["files"].append(
            {"digest": stored.digest, "name": clean_name(upload.name or ""), "size": stored.size}
        )
