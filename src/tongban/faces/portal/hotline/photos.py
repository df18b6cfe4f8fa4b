"""Photos of a message: checked and kept as they come, so that a form shown again has them still.

What is kept goes into the form as a signed token; nobody can name a file that was not handed in here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.services import clean_name, store

MOST: Final = 9
SALT: Final = "hotline.photos"
HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class Photo:
    """One file that was taken. `token` stands for it in the form."""

    digest: str
    name: str
    size: int

    @property
    def token(self) -> str:
        return signing.dumps([self.digest, self.name, self.size], salt=SALT)


@dataclass(slots=True)
class Photos:
    """What somebody chose so far, and what was refused, in words."""

    kept: list[Photo] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def stored(self) -> tuple[tuple[str, str], ...]:
        return tuple((one.digest, one.name) for one in self.kept)


def gathered(request: HttpRequest, *, at: datetime) -> Photos:
    """The files of a form: those kept before, less the one taken off, and those chosen now."""
    found = Photos()
    off = request.POST.get("remove", "")
    for token in request.POST.getlist("kept")[:MOST]:
        try:
            digest, name, size = signing.loads(token, salt=SALT, max_age=HOURS * 3600)
        except (signing.BadSignature, ValueError, TypeError):
            found.errors.append(_("有一张照片要重新选。"))
            continue
        if digest != off:
            found.kept.append(Photo(digest, name, size))
    for upload in request.FILES.getlist("photos"):
        name = clean_name(upload.name or "")
        if len(found.kept) >= MOST:
            found.errors.append(_("最多%d张，请去掉几张再加。") % MOST)
            break
        try:
            file = store(content=upload, name=name, at=at)
        except UploadError as error:
            found.errors.append(_("%(name)s：%(reason)s") % {"name": name, "reason": error.message})
            continue
        if all(one.digest != file.digest for one in found.kept):
            found.kept.append(Photo(file.digest, name, file.size))
    return found
