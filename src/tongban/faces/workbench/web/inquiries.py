"""协查: asking the place that received a case, and answering with files what such a place asks us."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.desks.cases.partners import api as partners
from tongban.faces.workbench.panels.base import Asked
from tongban.faces.workbench.panels.handovers import may_answer
from tongban.faces.workbench.web.docket import row_or_404
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import UploadError
from tongban.registers.identity.api import ActorRequest, officer_required

MOST_FILES = 5


def _row(request: ActorRequest, kind: str) -> kernel.DocketRow:
    """:raises Http404: no docket of that kind that the officer sees"""
    row = row_or_404(request, (request.POST.get("number") or request.GET.get("number", ""))[:60])
    if row.kind != kind:
        raise Http404(_("没有这个案卷，或者您无权查看。"))
    return row


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def ask(request: ActorRequest) -> HttpResponse:
    """Ask the receiving place for a clarification or an opinion on a case handled jointly."""
    row = _row(request, "case")
    found = partners.incoming_of(row.parent or 0)
    if found is None:
        raise Http404(_("这件不是外地代收的，没有收件地可以请。"))
    given = {name: request.POST.get(name, "") for name in ("purpose", "question", "reason", "days")}
    refused = None
    if request.method == "POST":
        try:
            made = partners.ask(
                case=row, purpose=given["purpose"], question=given["question"], reason=given["reason"],
                days=int(given["days"]) if given["days"].strip().isdecimal() else None, actor=request.actor,
                at=timezone.now(), key=request.POST.get("key", "")[:100],
            )  # fmt: skip
        except partners.InquiryRefused as error:
            refused = error
        else:
            messages.success(request, _("已签发协查函，排队发给收件地。"))
            return redirect("workbench:docket", made)
    else:
        given["days"] = str(partners.USUAL_DAYS)
    fields = refused.fields if refused else {}
    context = {
        "row": row, "place": found.partner.text(get_language() or ""), "unit": found.unit, "given": given,
        "purposes": partners.Purpose.choices, "most": partners.MOST_DAYS, "refused": refused, "errors": fields,
        "key": request.POST.get("key", ""),
        "targets": [
            {"text": text, "target": "purpose-1" if name == "purpose" else name} for name, text in fields.items()
        ],
    }  # fmt: skip
    return render(request, "workbench/inquiry_new.html", context, status=422 if refused else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def answer(request: ActorRequest) -> HttpResponse:
    """Answer what the deciding place asks, with text and files."""
    row, at = _row(request, "handover"), timezone.now()
    if request.method != "POST" and not may_answer(Asked(row, request.actor, at)):
        messages.info(request, _("对方现在没有问，或者不归您答复。"))
        return redirect("workbench:docket", row.number)
    text, refused = request.POST.get("text", "").strip(), ""
    errors: dict[str, str] = {}
    if request.method == "POST":
        files = request.FILES.getlist("files")
        errors = _wrong(text, files)
        if not errors:
            seen = request.POST.get("seen", "")
            try:
                partners.answer_with_files(
                    docket=row.id, text=text, files=[(one.name or "", one.read()) for one in files],
                    actor=request.actor, at=at, key=request.POST.get("key", "")[:100],
                    seen=int(seen) if seen.isdecimal() else None,
                )  # fmt: skip
            except UploadError as error:
                errors["files"] = error.message
            except kernel.MoveRefused as error:
                refused = " ".join([str(error), *error.fields.values()])
            else:
                messages.success(request, _("已签名，排队发给对方。"))
                return redirect("workbench:docket", row.number)
    own = partners.handover_of(row.id)
    context = {
        "row": row, "own": own, "place": own.partner.text(get_language() or ""), "text": text, "errors": errors,
        "refused": refused, "most": MOST_FILES, "key": request.POST.get("key", ""),
        "targets": [{"text": words, "target": name} for name, words in errors.items()],
    }  # fmt: skip
    return render(request, "workbench/inquiry_answer.html", context, status=422 if errors or refused else 200)


def _wrong(text: str, files: list[UploadedFile[Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    if not 2 <= len(text) <= 1000:
        found["text"] = _("请写答复，2到1000个字。")
    if len(files) > MOST_FILES:
        found["files"] = _("最多%d个文件。") % MOST_FILES
    return found
