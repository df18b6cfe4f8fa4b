"""Consents of holders: which facts may be used for deciding about them, given and withdrawn one by one.

What needs consent says the pack. What a state organ needs for its duty needs none (个人信息保护法 第十三条（三）); to look for what
somebody might be entitled to is a service, so it asks (第十三条（一）), and withdrawing is as easy as giving (第十五条).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.portraits import events, filing, packs
from tongban.registers.portraits.contracts import PortraitsError
from tongban.registers.portraits.services import stream_of


@kernel.writing()
def consent(
    *,
    party: str,
    given: Collection[str] = (),
    withdrawn: Collection[str] = (),
    actor: kernel.Actor,
    at: datetime,
) -> int:
    """Give and withdraw consent to the use of elements. From now on rules see them, or no longer do.

    :param given: keys of elements; `withdrawn` likewise. What stands that way already changes nothing
    :return: how many changed
    :raises PortraitsError: not the own party, or an element that needs no consent
    """
    _check(party, {*given, *withdrawn}, actor)
    file = filing.open_files([party], at=at)[party]
    day = actors.day_of(at).isoformat()
    said = {key: dict(one) for key, one in file.row.agreed.items()}
    new = sorted(key for key in given if said.get(key, {"withdrawn": day}).get("withdrawn"))
    gone = sorted(key for key in withdrawn if key in said and not said[key].get("withdrawn"))
    for key in new:
        said[key] = {"given": day}
    for key in gone:
        said[key]["withdrawn"] = day
    if not new and not gone:
        return 0
    file.row.agreed = said
    filing.save([file], at=at)
    place = kernel.record(
        stream=stream_of(party), act="consent", actor=actor, at=at, data={"given": new, "withdrawn": gone}
    )
    body = {"party": party, "elements": [*new, *gone]}
    kernel.announce(topic=events.PORTRAIT_CHANGED, place=place, at=at, body=body)
    return len(new) + len(gone)


def _check(party: str, keys: Collection[str], actor: kernel.Actor) -> None:
    """:raises PortraitsError: not the own party, or an element that needs no consent"""
    if not actor.is_system and party not in {actor.id, *actor.parties}:
        raise PortraitsError(
            _("只有本人（本单位）可以同意或撤回。"),
            possible=_("请换成本人或本单位的身份。"),
            code="not_yours",
        )
    kind = party.partition(":")[0]
    asked = {key for key, one in packs.elements(kind).items() if one.consent}
    strange = sorted(set(keys) - asked)
    if strange:
        raise PortraitsError(
            _("这些数据不需要同意，或者没有：%(keys)s。") % {"keys": "、".join(strange)},
            code="no_consent_needed",
        )
