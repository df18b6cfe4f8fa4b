"""The only writer of a due's state: what it may become, its place in the pool, its line in the ledger, what is announced."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.policies.claims import events, pools, rules
from tongban.desks.policies.claims.contracts import FREE, ClaimsError, DueState, UnknownError
from tongban.desks.policies.claims.models import Due, Run
from tongban.kernel import api as kernel
from tongban.kernel.privacy import keyed_digester

_TOLD = {
    DueState.CONFIRMED: events.DUE_CONFIRMED,
    DueState.PAID: events.DUE_PAID,
    DueState.RETURNED: events.DUE_RETURNED,
}


def locked(*, pk: int = 0, number: str = "", party: str = "") -> Due:
    """One due, locked; inside `kernel.writing()`. With `party` only when it is that party's, or it is its payee.

    :raises UnknownError: there is none: both say the same
    """
    rows = Due.objects.select_for_update()
    found = (rows.filter(pk=pk) if pk else rows.filter(number=number)).first()
    if found is None or (party and party not in (found.party, found.payee)):
        raise UnknownError(_("没有这笔政策资金，或者不是您的。"), code="unknown")
    return found


def change(
    due: Due, to: DueState, *, act: str, actor: kernel.Actor, at: datetime, words: str = "", **facts: Any
) -> None:
    """Bring a locked due to another state and write it down in its stream.

    :param words: why, in words for its holder; personal data never
    :param facts: further columns of the due that change with it
    :raises ClaimsError: it cannot become that
    """
    before = DueState(due.state)
    if to.value not in rules.NEXT[before.value]:
        raise ClaimsError(
            _("现在是“%(state)s”，不能这样做。") % {"state": before.label},
            possible=_("请刷新页面看最新情况。"), code="state",
        )  # fmt: skip
    if (before in FREE) != (to in FREE):
        sign = -1 if to in FREE else 1
        pools.take(pools.lock_known(due.measure, due.period), places=sign, fen=sign * due.amount_fen)
    due.state, due.at, due.words, due.tell_at = to, at, words[:500], facts.pop("tell_at", None)
    due.held_from = before.value if to == DueState.HELD else ""
    for name, value in facts.items():
        setattr(due, name, value)
    due.save(update_fields=["state", "at", "words", "tell_at", "held_from", *facts])
    said: dict[str, Any] = {
        "number": due.number,
        "from": before.value,
        "to": to.value,
        "amount_fen": due.amount_fen,
    }
    if to == DueState.PAID:
        said |= benefited(due.payee) | {"unit": due.unit, "region": due.region}
    place = kernel.record(
        stream=due.stream, act=act, actor=actor, at=at, data=said | ({"reason": words} if words else {})
    )
    _announce(due, to, place=place, at=at)


def _announce(due: Due, to: DueState, *, place: str, at: datetime) -> None:
    if to in _TOLD:
        body = {
            "number": due.number,
            "measure": due.measure,
            "party": due.party,
            "amount_fen": due.amount_fen,
        }
        kernel.announce(topic=_TOLD[to], place=place, at=at, body=body)
    if to in FREE and to != DueState.QUEUED:
        kernel.announce(
            topic=events.PLACE_FREED, place=place, at=at, body={"measure": due.measure, "period": due.period}
        )


def benefited(party: str) -> dict[str, str]:
    """Which company had something of it, so that each is counted once: a keyed digest, and of persons nothing."""
    if not party.startswith("organisation:"):
        return {}
    return {"company": keyed_digester(purpose="benefited")(party)}


def change_all(run: Run, frm: DueState, to: DueState, *, at: datetime, words: str = "", **facts: Any) -> int:
    """The same for every due of a run in one state; the entry of the run's own move tells of it. Gives how many.

    Inside the run's move: its docket is locked.
    """
    assert to.value in rules.NEXT[frm.value]
    rows = dict(
        Due.objects.select_for_update()
        .filter(run=run, state=frm)
        .order_by("pk")
        .values_list("pk", "amount_fen")
    )
    if not rows:
        return 0
    # Those that were locked are all of them: a due comes into a run and this state under the docket's lock alone.
    Due.objects.filter(run=run, state=frm).update(
        state=to, at=at, words=words[:500], **{"tell_at": None} | facts
    )
    if (frm in FREE) != (to in FREE):
        sign = -1 if to in FREE else 1
        pools.take(
            pools.lock_known(run.measure, run.period), places=sign * len(rows), fen=sign * sum(rows.values())
        )
    return len(rows)
