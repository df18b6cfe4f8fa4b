"""How many of each there are in a year at a scale: every published count exactly, what is assumed by largest remainder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from tongban.year.contracts import Profile, YearError
from tongban.year.planning.quotas import apportion, exactly, scaled

SETTLED = Fraction(85, 100)
"""What takes long happens to tickets of the first part of the year, so that it is over at the end."""


@dataclass(frozen=True, slots=True)
class Quantities:
    """Counts of one run. `fates` sum to the requests, `heard` to those that units closed."""

    channels: Mapping[str, int]
    fates: Mapping[str, int]
    open: int
    handled: int
    returned: int
    delayed: int
    joint: int
    urged: int
    reopened: int
    signed_late: int
    handled_late: int
    heard: Mapping[str, int]
    calls: int
    answered: int
    sessions: int
    blocked: int
    urgent: int
    applications: int
    crossings: int
    uses: int

    @property
    def requests(self) -> int:
        """All tickets."""
        return sum(self.fates.values())

    @property
    def casework(self) -> int:
        """Everything that somebody applies for."""
        return self.applications + self.crossings


def scaled_count(profile: Profile, key: str, *, scale: Fraction) -> int:
    """A published count at a scale, 0 where there is none; by telephone and by the network sum to all of them."""
    both = ("by_phone", "by_net")
    if key in both and all(one in profile.published for one in both):
        whole = scaled(profile.value("requests") or 0, scale)
        return apportion(whole, [profile.value(one) or 0 for one in both])[both.index(key)]
    return scaled(profile.value(key) or 0, scale)


def quantities(profile: Profile, *, scale: Fraction) -> Quantities:
    """:raises YearError: figures that cannot be together"""
    one = _Counting(profile, scale)
    fates, remaining = one.fates()
    handled = fates["unit"] - remaining
    more = {
        name: one.part(handled, getattr(profile.assumed, name)) for name in ("returned", "delayed", "joint", "urged", "urgent")
    }  # fmt: skip
    more["reopened"] = one.reopened(handled)
    signed = handled + more["returned"] + more["reopened"] + remaining
    return Quantities(
        channels=one.channels(), fates=fates, open=remaining, handled=handled,
        signed_late=one.late("signed_on_time", profile.assumed.signed_late, signed),
        handled_late=one.late("handled_on_time", profile.assumed.handled_late, handled + more["reopened"]),
        heard=one.heard(handled, more["reopened"]),
        calls=one.count("calls"), answered=one.count("answered"), sessions=one.count("sessions"), blocked=one.count("blocked"),
        applications=one.assumed("applications"), crossings=one.count("crossings") or one.assumed("crossings"),
        uses=one.assumed("uses"), **more,
    )  # fmt: skip


class _Counting:
    def __init__(self, profile: Profile, scale: Fraction) -> None:
        self.profile, self.scale = profile, scale
        self.requests = self.count("requests")

    def count(self, key: str) -> int:
        """A published count at the scale; 0 where there is none."""
        return scaled_count(self.profile, key, scale=self.scale)

    def assumed(self, key: str) -> int:
        """A count that no report says, at the scale."""
        return scaled(getattr(self.profile.assumed, key), self.scale)

    def part(self, whole: int, share: Fraction) -> int:
        """A share of what is settled by the end."""
        return min(scaled(whole, share), int(whole * SETTLED))

    def channels(self) -> dict[str, int]:
        assumed, published = self.profile.assumed, self.profile.value("by_phone")
        phone = self.count("by_phone") if published is not None else scaled(self.requests, assumed.phone)
        own, line = apportion(min(phone, self.requests), [1 - assumed.line, assumed.line])
        net = apportion(self.requests - own - line, list(assumed.net.values()))
        return {"phone": own, "line": line, **dict(zip(assumed.net, net, strict=True))}

    def fates(self) -> tuple[dict[str, int], int]:
        """What becomes of tickets, and how many of those sent to units are open at the end."""
        assumed, published = self.profile.assumed, self.profile.value("closed")
        closed = self.count("closed") if published is not None else scaled(self.requests, assumed.closed)
        closed = min(closed, self.requests)
        at_once, handled = apportion(closed, [assumed.at_once, 1 - assumed.at_once])
        rest = dict(
            zip(
                assumed.unclosed,
                apportion(self.requests - closed, list(assumed.unclosed.values())),
                strict=True,
            )
        )
        waiting = rest.pop("open", 0)
        if rest.get("merged") and not waiting + handled:  # there is nothing to merge into
            rest["withdrawn"] = rest.get("withdrawn", 0) + rest.pop("merged")
        return {"at_once": at_once, "unit": handled + waiting, **rest}, waiting

    def late(self, published: str, assumed: Fraction, whole: int) -> int:
        share = self.profile.value(published)
        return self.part(whole, assumed if share is None else 1 - share / 100)

    def reopened(self, handled: int) -> int:
        """Done again: at most as many as are unhappy."""
        assumed = self.profile.assumed
        share, reached = self.share("satisfied", assumed.satisfied), 1 - assumed.unreached
        if share and assumed.reopened > (1 - share) * reached / share:
            raise YearError(
                _("%s：重办的比不满意的多。") % f"{self.profile.slug}.yaml: assumed.reopened",
                possible=_("重办率不能高于不满意率。"),
            )
        base = handled - scaled(handled, assumed.unreached)
        most = int((1 - share) * base / share) if share else base
        return min(self.part(handled, assumed.reopened), most)

    def heard(self, handled: int, reopened: int) -> dict[str, int]:
        """What the last call-back of those closed by units heard."""
        assumed = self.profile.assumed
        unreached = scaled(handled, assumed.unreached)
        rated = handled - unreached + reopened
        unhappy = max(0, rated - scaled(rated, self.share("satisfied", assumed.satisfied)) - reopened)
        operator = rated - scaled(rated, self.share("operators_satisfied", assumed.operators_satisfied))
        sour = min(operator, unhappy)
        bitter = min(operator - sour, rated - reopened - unhappy)
        found = {"unreached": unreached, "unhappy": unhappy - sour, "sour": sour, "bitter": bitter}
        return {**found, "happy": handled - sum(found.values())}

    def share(self, key: str, assumed: Fraction) -> Fraction:
        value = self.profile.value(key)
        return assumed if value is None else exactly(value) / 100
