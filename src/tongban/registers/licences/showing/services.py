"""Opening a showing, reading its codes, taking it back. Every look is written down for the holder.

个人信息保护法 第六条 and 第二十九条: what is shown is what the holder chose, to whom and for how long;
国务院令第716号 第十条, 第十二条: an e-licence that is shown has the force of the paper one, and is not asked for twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.privacy import blind_index
from tongban.registers.identity import api as identity
from tongban.registers.licences import selectors as licences
from tongban.registers.licences import words
from tongban.registers.licences.contents import holder_index
from tongban.registers.licences.contracts import PARTLY, LicenceState
from tongban.registers.licences.life import note_use
from tongban.registers.licences.models import Licence
from tongban.registers.licences.showing import contracts as codes
from tongban.registers.licences.showing import rules
from tongban.registers.licences.showing.contracts import (
    CITY_MINUTES,
    MOST_LICENCES,
    SEEN_FOR,
    SHOW_FOR,
    Presented,
    ShowingError,
    ShowingKind,
)
from tongban.registers.licences.showing.models import INDEX_LENGTH, Code, Scan, Showing
from tongban.registers.licences.trades.selectors import standing_of

WRONG_CODES = 10
"""Wrong codes that one officer or system may type within a quarter of an hour."""
TRIES = 5
KEEP_CODES = timedelta(days=1)


# The holder -----------------------------------------------------------------------------------------------


def show(*, licence: int, holder: str, actor: kernel.Actor, at: datetime) -> int:
    """Hold out one licence 亮证 for some minutes to whoever may scan; gives the showing.

    Held out again, also from another device, it ends what was held out of it before.

    :param licence: id of a licence that the holder has
    :raises ShowingError: not theirs, not valid today, or the actor may not speak for the holder
    """
    with kernel.writing():
        made = _open(
            [licence], kind=ShowingKind.SHOW, holder=holder, actor=actor, ends_at=at + SHOW_FOR, at=at
        )
        earlier = Showing.objects.filter(
            kind=ShowingKind.SHOW, holder=holder, licences=licence, ends_at__gt=at
        )
        Showing.objects.filter(pk__in=list(earlier.exclude(pk=made).values_list("pk", flat=True))).update(
            ends_at=at
        )
    return made


def authorise(
    *, chosen: Collection[int], holder: str, unit: str, minutes: int, actor: kernel.Actor, at: datetime
) -> int:
    """Authorise chosen licences to one unit for some minutes 香城码; gives the showing.

    :param minutes: one of `CITY_MINUTES`
    :raises ShowingError: nothing chosen, not theirs, not valid today, no such unit, or the actor may not
    """
    if minutes not in CITY_MINUTES:
        raise ShowingError(codes.MALFORMED, _("请选授权多久。"))
    try:
        ended = actors.unit(unit).ended_on
    except actors.NotKnownError as error:
        raise ShowingError(codes.MALFORMED, _("没有这个单位，请重新选。")) from error
    if ended is not None and ended <= actors.day_of(at):
        raise ShowingError(codes.MALFORMED, _("这个单位已经撤销，请选接手的单位。"))
    ends = at + timedelta(minutes=minutes)
    return _open(
        list(chosen), kind=ShowingKind.CITY, holder=holder, actor=actor, ends_at=ends, at=at, unit=unit
    )


@kernel.writing()
def _open(
    chosen: Sequence[int], *, kind: ShowingKind, holder: str, actor: kernel.Actor, ends_at: datetime, at: datetime,
    unit: str = "",
) -> int:  # fmt: skip
    rows = _own(chosen, holder=holder, actor=actor)
    for row in rows:
        standing = standing_of(licences.info(row), on=actors.day_of(at))
        if standing not in (LicenceState.VALID, PARTLY):
            said = words.standing(standing)
            raise ShowingError(
                standing,
                _("这份证照现在%(state)s，不能出示。") % {"state": said.word},
                possible=str(said.meaning),
            )
    made = Showing(
        kind=kind,
        holder=holder,
        actor=actor.id,
        unit=unit,
        secret=secrets.token_urlsafe(24),
        opened_at=at,
        ends_at=ends_at,
    )
    for _turn in range(TRIES):
        if not _clashes(made, at=at):
            break
        made.secret = secrets.token_urlsafe(24)
    made.save()
    made.licences.set(rows)
    Code.objects.bulk_create(_codes(made))
    return made.pk


def _own(chosen: Sequence[int], *, holder: str, actor: kernel.Actor) -> list[Licence]:
    if holder not in actor.parties:
        raise ShowingError(codes.AUTHORITY, _("只有持有人本人，或者全权代表他的人，才能出示他的证照。"))
    if not chosen or len(chosen) > MOST_LICENCES:
        raise ShowingError(codes.MALFORMED, _("请选要出示的证照，最多%d份。") % MOST_LICENCES)
    index = holder_index(actors.party_facts(holder).number)
    rows = list(Licence.objects.filter(pk__in=chosen, holder_index=index).order_by("pk"))
    if len(rows) != len(set(chosen)):
        raise ShowingError(
            codes.UNKNOWN, _("没有这份证照，或者不是您的。"), possible=_("请从“我的证照”里选。")
        )
    return rows


def _codes(one: Showing) -> list[Code]:
    return [
        Code(
            showing=one, step=step, digits_index=digits_index(rules.digits_of(one.secret, step)),
            token_index=token_index(rules.token_of(one.secret, step)), from_at=begin, until_at=end,
        )
        for step, begin, end in rules.steps(one.opened_at, one.ends_at)
    ]  # fmt: skip


def digits_index(digits: str) -> str:
    """By which a code is found from what was typed."""
    return blind_index(digits, purpose="licence-code-digits")[:INDEX_LENGTH]


def token_index(token: str) -> str:
    """By which a code is found from what was scanned."""
    return blind_index(token, purpose="licence-code-token")[:INDEX_LENGTH]


def _clashes(one: Showing, *, at: datetime) -> bool:
    """Whether a minute of it would have the digits of another code that may still be read."""
    wanted = [code.digits_index for code in _codes(one)]
    return Code.objects.filter(digits_index__in=wanted, until_at__gt=at - KEEP_CODES).exists()


@kernel.writing()
def revoke(*, showing: int, actor: kernel.Actor, at: datetime) -> None:
    """Take a showing back: its codes are refused from now on, and what was scanned is no longer seen.

    :raises ShowingError: not theirs
    """
    row = Showing.objects.select_for_update().filter(pk=showing).first()
    if row is None or row.holder not in actor.parties:
        raise ShowingError(codes.UNKNOWN, _("没有这次出示，或者不是您的。"))
    if row.revoked_at is None and at < row.ends_at:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])


# Who reads ------------------------------------------------------------------------------------------------


def present(
    *, typed: str, by: kernel.Actor, purpose: str, at: datetime, docket: str = "", client: str = ""
) -> Presented:
    """Read a code: what its holder authorised, and nothing else. The code is used up, the look written down.

    :param typed: eight digits, or what a scanner types
    :param purpose: what for, in words the holder understands
    :param client: name of the system that asks, when no officer sits before it
    :raises ShowingError: `code` says why; a code that is refused for the unit stays good for the right one
    """
    guesses = f"licence-code:{by.id}"
    if identity.guessed_too_often(limits={guesses: WRONG_CODES}, at=at):
        raise ShowingError(
            codes.GUESSING, _("输错太多次，请15分钟后再试。"), possible=_("可以用扫码枪扫二维码。")
        )
    try:
        return _present(typed, by=by, purpose=purpose, docket=docket, client=client, at=at)
    except ShowingError as error:
        if error.code in (codes.UNKNOWN, codes.MALFORMED):
            identity.note_wrong_guess(what=[guesses], at=at)
        raise


@kernel.writing()
def _present(
    typed: str, *, by: kernel.Actor, purpose: str, docket: str, client: str, at: datetime
) -> Presented:
    code = _found(typed, at=at)
    _refuse(code, by=by, client=client, at=at)
    try:
        with transaction.atomic():
            scan = Scan.objects.create(
                code=code, showing=code.showing, by=by.id, unit=by.unit, purpose=purpose[:200], docket=docket,
                client=client, at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise _used() from error
    for row in code.showing.licences.order_by("pk"):
        note_use(identifier=row.identifier, by=by, purpose=purpose, docket=docket, system=bool(client), at=at)
    return presented(scan)


def _found(typed: str, *, at: datetime) -> Code:
    digits, token = rules.read(typed)
    if not digits and not token:
        raise ShowingError(
            codes.MALFORMED, _("这不是亮证码：应是8位数字，或者扫二维码得到的网址。"),
            possible=_("请持有人打开“我的证照”，点“亮证”或“香城码”。"),
        )  # fmt: skip
    rows = Code.objects.select_related("showing")
    wanted = Q(token_index=token_index(token)) if token else Q(digits_index=digits_index(digits))
    found = list(rows.filter(wanted).order_by("-until_at")[:2])
    live = [one for one in found if rules.taken(one.from_at, one.until_at, at)]
    if not found or len(live) > 1:
        raise ShowingError(
            codes.UNKNOWN, _("没有这个码。"), possible=_("请看清数字再输一次，或等码换了以后再扫。")
        )
    return live[0] if live else found[0]


def _refuse(code: Code, *, by: kernel.Actor, client: str, at: datetime) -> None:
    """:raises ShowingError: the code is not taken from this actor now"""
    again = _("请持有人在手机上重新打开，扫现在显示的码；截屏和照片不能用。")
    showing = code.showing
    if Scan.objects.filter(code=code).exists():
        raise _used()
    if showing.revoked_at is not None and showing.revoked_at <= at:
        raise ShowingError(codes.REVOKED, _("持有人已经收回这次出示。"), possible=again)
    if at < code.from_at and not rules.taken(code.from_at, code.until_at, at):
        raise ShowingError(codes.EARLY, _("这个码还没到时间，两台服务器的时钟可能差得太多。"), possible=again)
    if not rules.taken(code.from_at, min(code.until_at, showing.ends_at), at):
        raise ShowingError(codes.EXPIRED, _("这个码已经过时，每个码只用一分钟。"), possible=again)
    # An appointment that ended leaves the officer's own unit standing, but no grant.
    units = {by.unit} if client else {grant.unit for grant in by.grants}
    if not units:
        raise ShowingError(
            codes.AUTHORITY, _("您现在没有任职，不能看别人的证照。"), possible=_("请单位管理员先登记任职。")
        )
    if showing.kind == ShowingKind.CITY and showing.unit not in units:
        raise ShowingError(
            codes.WRONG_UNIT, _("这个码只授权给%s，您的单位不能看。") % actors.unit_name(unit_id=showing.unit),
            possible=_("请持有人另开一个授权给您单位的香城码，或者直接亮证。"),
        )  # fmt: skip
    _refuse_authority(showing, at=at)


def _refuse_authority(showing: Showing, *, at: datetime) -> None:
    """Who opened it in another's name must still be allowed to: authority may have ended meanwhile."""
    if showing.actor == showing.holder:
        return
    try:
        still = showing.holder in actors.actor(actor_id=showing.actor, at=at).parties
    except actors.NotKnownError:
        still = False
    if not still:
        raise ShowingError(
            codes.AUTHORITY,
            _("出示的人已经不再能代表持有人，授权结束了。"),
            possible=_("请持有人本人出示，或重新授权。"),
        )


def _used() -> ShowingError:
    return ShowingError(
        codes.USED,
        _("这个码已经用过一次。"),
        possible=_("每个码只能扫一次。请等手机上换了新码再扫；截屏和照片不能用。"),
    )


def presented(scan: Scan) -> Presented:
    """What a scan lets its officer see."""
    showing = scan.showing
    shown = tuple(licences.info(row, holder=showing.holder) for row in showing.licences.order_by("pk"))
    return Presented(
        scan=scan.pk, kind=showing.kind, holder=showing.holder, holder_name=actors.party_name(showing.holder),
        licences=shown, purpose=scan.purpose, docket=scan.docket, at=scan.at, until=scan.at + SEEN_FOR,
    )  # fmt: skip


def forget_codes(*, before: datetime) -> int:
    """Delete codes that ended long ago; scans and showings stay. Tells how many."""
    deleted, _per_table = Code.objects.filter(until_at__lt=before - KEEP_CODES).delete()
    return deleted
