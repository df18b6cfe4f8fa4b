"""A file of a docket, for those who see the docket."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongban.faces.workbench.panels.base import Asked, may_read_file
from tongban.faces.workbench.web.docket import row_or_404
from tongban.kernel.files.errors import FileGoneError
from tongban.kernel.files.models import Attachment
from tongban.kernel.files.serving import serve
from tongban.registers.identity.api import ActorRequest, officer_required


@require_GET
@officer_required()
def file(request: ActorRequest, number: str, attachment: int) -> HttpResponseBase:
    """A picture or PDF in the browser, anything else as a download."""
    row = row_or_404(request, number)
    if not may_read_file(Asked(row, request.actor, timezone.now()), attachment):
        raise Http404(_("这件案卷没有这个文件。"))
    found = Attachment.objects.select_related("file").get(pk=attachment)
    try:
        return serve(file=found.file, name=found.name, download=request.GET.get("download") == "1")
    except FileGoneError:
        raise Http404(_("文件不在存储里，请联系管理员。")) from None
