"""A request becomes a ticket of the hotline, once, and the program gets its number."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.sorting import api as sorting
from tongban.faces.open311 import applications, placing
from tongban.faces.open311.applications import Sender
from tongban.faces.open311.contracts import Refused, Sent
from tongban.faces.open311.models import Submission
from tongban.faces.open311.reading import Request
from tongban.kernel import api as kernel
from tongban.kernel.privacy import keyed_digester

MORE: Final = "\n\n【补充信息】\n"
"""Between what somebody wrote and what the program asked for besides; only what stands before it may be published."""
RETRIED_WITHIN: Final = timedelta(minutes=10)
"""A program without keys of its own that sends the same again within this time is retrying."""


def send(asked: Request, *, sender: Sender, key: str, at: datetime) -> Sent:
    """Take a request for the hotline.

    Sent again, it gives the first number: with the same Idempotency-Key at any time, without one for ten minutes.

    :raises Refused: 400 for what the hotline does not take, 409 for a key that was used for another request, 429
    """
    content = _digest(asked, key)
    told = sorting.suggest(f"{asked.address}，{asked.description}" if asked.address else asked.description)
    region = placing.region_of(address_id=asked.address_id, point=asked.point, told=told)
    new = hotline.NewTicket(
        kind=asked.service.kind, channel=hotline.Channel.OPEN311, text=_text(asked), place=asked.address,
        latitude=asked.point[0] if asked.point else None, longitude=asked.point[1] if asked.point else None,
        region=region, caller_name=asked.name, caller_phone=asked.phone, urgency=told.urgency,
        category=asked.service.category or told.path, matter=told.matter, files=asked.files,
    )  # fmt: skip
    token = secrets.token_urlsafe(18)
    try:
        with kernel.writing():
            applications.hold(sender)  # two tries at the same moment see each other
            earlier = _earlier(sender, content, since=None if key else at - RETRIED_WITHIN)
            if earlier is not None:
                Submission.objects.filter(pk=earlier.pk).update(token_digest=digest_of(token))
                return Sent(earlier.number, token, _("这一条刚才已经收下，没有重复登记。"), again=True)
            applications.spend(sender, at=at)
            taken = hotline.take(new, actor=sender.actor, at=at, key=key)
            _keep(taken, asked, sender, token=token, content=content, at=at)
    except hotline.HotlineRefused as error:
        raise Refused(
            400, " ".join([error.reason, *error.fields.values(), error.possible]).strip()
        ) from error
    except kernel.Conflict as error:
        raise Refused(409, _("这个Idempotency-Key已经用来提交过别的内容，请换一个。")) from error
    return Sent(taken.number, token, _notice(asked, taken, at=at))


def _earlier(sender: Sender, content: str, *, since: datetime | None) -> Submission | None:
    found = Submission.objects.filter(application=sender.application, content=content)
    if since is not None:
        found = found.filter(at__gt=since)
    return found.order_by("-at").first()


def _keep(
    taken: hotline.Taken, asked: Request, sender: Sender, *, token: str, content: str, at: datetime
) -> None:
    Submission.objects.create(
        docket=taken.docket, number=taken.number, application_id=sender.application, service=asked.service.code,
        public=asked.public, token_digest=digest_of(token), content=content, at=at,
    )  # fmt: skip


def digest_of(token: str) -> str:
    """What is kept of a token: it is long and random."""
    return hashlib.sha256(token.encode()).hexdigest()


def _digest(asked: Request, key: str) -> str:
    """What makes two requests the same. With a key of the program's own the hotline compares them."""
    said = [
        asked.service.code, asked.description, asked.address, asked.address_id, asked.point, asked.name, asked.phone,
        [(one.code, value) for one, value in asked.answers], asked.media_url,
        [(name, getattr(file, "size", 0)) for name, file in asked.files],
    ]  # fmt: skip
    # Keyed: what is kept must not help to guess what somebody wrote.
    return keyed_digester(purpose="open311.content")(json.dumps([key, said], ensure_ascii=False))[:64]


def _text(asked: Request) -> str:
    """What the officer reads: the description, then what was asked for besides."""
    more = [f"{one.ask[0]}{value}" for one, value in asked.answers if one.code != "publish"]
    if asked.media_url:
        more.append(f"照片网址：{asked.media_url}")
    described = asked.description or asked.service.name[0]
    return described + (MORE + "\n".join(more) if more else "")


def _notice(asked: Request, taken: hotline.Taken, *, at: datetime) -> str:
    english = (get_language() or "").startswith("en")
    day = localtime(at).strftime("%d %B %Y, %H:%M" if english else "%Y年%m月%d日%H:%M")
    shown = (
        _("描述、地点和答复遮去个人信息后公开。")
        if asked.public
        else _("只公开类别、大致位置和进度，不公开内容。")
    )
    words = [
        _("%(day)s已收下，编号%(number)s。紧急危险请打110、119、120。")
        % {"day": day, "number": taken.number},
        shown,
    ]
    if taken.same_as:
        words.append(_("已有同样内容的诉求，会一起看。"))
    return (" " if english else "").join(words)
