"""The last word on an application: everything is done, where the licences are, and one link to rate it."""

from __future__ import annotations

from django.conf import settings

from tongban.desks.cases import api as cases
from tongban.kernel import api as kernel
from tongban.kernel.outbox.relay import News, on
from tongban.oversight.appraisal.selectors import code_for
from tongban.registers.messages import api as messages


@on(
    "application.hand_out",
    "application.arrived",
    "application.deem_arrived",
    "application.deliver_electronic",
)
def finished(news: News) -> None:
    """All done; the licences, and the one evaluation, which needs no signing in (好差评)."""
    row = kernel.docket_by_id(news.docket or 0, actor=kernel.SYSTEM)
    if not row.applicant:
        return
    messages.send(
        to=row.applicant, template="application.finished", docket=row.number, at=news.at, key=f"event:{news.id}",
        context={
            "title": row.title, "number": row.number, "licences": _licences(row.id),
            "link": f"{settings.SITE_ADDRESS}/evaluate/{row.number}?code={code_for(row.number)}",
        },
    )  # fmt: skip


def _licences(application: int) -> dict[str, str]:
    """What was issued, in both languages; nothing where nothing was."""
    names = [one.name for one in cases.licences_of(application) if one.identifier and one.act != "cancel"]
    if not names:
        return {"zh": "", "en": " "}
    listed = "、".join(names)
    return {
        "zh": f"电子证照“{listed}”在“我的证照”里，可以查看、出示和下载。",
        "en": f" Under My licences you can see, show and download: {listed}.",
    }
