"""Files of an application, one by one or all together, for those who see the docket."""

from __future__ import annotations

import tempfile
import zipfile
from typing import IO

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tongban.actors import api as actors
from tongban.faces.portal import filled, things
from tongban.faces.portal.web.mine import application_row, own_row
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import FileGoneError
from tongban.kernel.files.models import Attachment
from tongban.kernel.files.selectors import attachments, content_of
from tongban.kernel.files.serving import serve
from tongban.registers.identity.api import ActorRequest, citizen_required, signed_in_required
from tongban.web.formats import long_date

IN_MEMORY = 8 * 1024 * 1024


@never_cache
@require_safe
@signed_in_required
def file(request: ActorRequest, number: str, attachment: int) -> HttpResponseBase:
    """One file of the docket with this number, for those who see that docket."""
    row = own_row(request, number)
    found: Attachment | None = next((one for one in attachments(row.id) if one.pk == attachment), None)
    if found is None:
        raise Http404(_("没有这个文件，或者您无权查看。"))
    try:
        return serve(file=found.file, name=found.name, download=request.GET.get("download") == "1")
    except FileGoneError as error:
        raise Http404(_("文件暂时取不到，请稍后再试，或打12345。")) from error


@never_cache
@require_safe
@citizen_required
def everything(request: ActorRequest, number: str) -> HttpResponseBase:
    """What was submitted and what came of it: a text and every file, packed."""
    row = application_row(request, number)
    packed: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # FileResponse closes it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_("申请内容.txt"), _summary(request, row))
        taken: set[str] = set()
        for line in things.papers(row.id):
            for one in line.files:
                name = f"{_folder(line.name)}/{one.name}"
                while name in taken:
                    name = f"{_folder(line.name)}/{one.pk}-{one.name}"
                taken.add(name)
                try:
                    archive.writestr(name, content_of(one.file))
                except FileGoneError:
                    archive.writestr(f"{name}.txt", _("这个文件暂时取不到。"))
    packed.seek(0)
    return FileResponse(
        packed, as_attachment=True, filename=f"{row.number}.zip", content_type="application/zip"
    )


def _folder(name: str) -> str:
    return name.replace("/", "_").replace("\\", "_")[:60]


def _summary(request: ActorRequest, row: kernel.DocketRow) -> str:
    moment = timezone.now()
    found = things.whole(row, actor=request.actor, at=moment)
    lines = [
        row.title, _("编号：%s") % row.number, _("申请人：%s") % actors.party_name(row.applicant),
        _("提交时间：%s") % long_date(row.opened_at), _("状态：%s") % found.state, "", _("【填写的内容】"),
    ]  # fmt: skip
    lines += [f"{label}：{value}" for label, value, _origin in filled.rows(found.own)]
    lines += ["", _("【各部门办理】")]
    for one in found.cases:
        lines.append(f"{one.row.title}：{one.unit}，{one.state}（{one.row.number}）")
        lines += [f"    {value}" for key, value in one.decision.items() if key != "kind"]
    lines += ["", _("【材料】")]
    lines += [f"{line.name}：{line.how}" for line in things.papers(row.id)]
    lines += ["", _("【经过】")]
    lines += [
        f"{long_date(entry.at)} {entry.who} {entry.what}"
        for entry in things.story(found, at=moment, reader=request.actor.id)
    ]
    return "\r\n".join(lines) + "\r\n"
