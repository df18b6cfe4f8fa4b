"""The form on which somebody says something, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.actors import api as actors
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.mailbox import api as mailbox
from tongban.desks.hotline.places import api as places
from tongban.faces.portal.hotline import where
from tongban.faces.portal.hotline.photos import Photos
from tongban.kernel import api as kernel
from tongban.web.forms import PlainForm

Kind = hotline.TicketKind
ANONYMOUS = frozenset({Kind.REPORT, Kind.SUGGESTION, Kind.PRAISE})
"""What may be said without a name and a phone: it needs no call back."""
KINDS = (
    (Kind.HELP, gettext_lazy("请帮忙解决（求助）")), (Kind.COMPLAINT, gettext_lazy("有人没做好（投诉）")),
    (Kind.CONSULTATION, gettext_lazy("问一件事（咨询）")), (Kind.SUGGESTION, gettext_lazy("出个主意（建议）")),
    (Kind.REPORT, gettext_lazy("有人违法违规（举报）")), (Kind.PRAISE, gettext_lazy("夸一夸（表扬）")),
)  # fmt: skip
FIELD_OF = {"files": "photos", "latitude": "place", "follows": "text"}
"""Where the desk's words stand on this form."""


class SayForm(PlainForm):
    """What happened, where, and who is called back. The desk judges what is written; here only what a form must know."""

    title = forms.CharField(
        label=gettext_lazy("标题"),
        max_length=60,
        error_messages={"required": gettext_lazy("请给信起个标题。")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("您要做什么"), choices=KINDS, initial=Kind.HELP)
    text = forms.CharField(
        label=gettext_lazy("是什么事"), widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("什么时候、什么情况、希望怎么办。不用写别人的身份证号。"),
        error_messages={"required": gettext_lazy("请写清楚是什么事。")},
    )  # fmt: skip
    danger = forms.BooleanField(label=gettext_lazy("现在有人受伤、着火或者有危险"), required=False)
    place = forms.CharField(
        label=gettext_lazy("在哪里"), max_length=200, required=False, help_text=gettext_lazy("路名门牌、小区楼栋、附近的标志"),
        error_messages={"max_length": gettext_lazy("最多200字。")},
    )  # fmt: skip
    region = forms.CharField(max_length=12, required=False)
    township = forms.CharField(max_length=12, required=False)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    caller_name = forms.CharField(
        label=gettext_lazy("怎么称呼您"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    caller_phone = forms.CharField(
        label=gettext_lazy("回访电话"), max_length=32, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("只给办这件事的人看，查进度也用它。"),
        error_messages={"required": gettext_lazy("请留一个能打通的电话，办好了回访您；举报、建议、表扬可以匿名。")},
    )  # fmt: skip
    confidential = forms.BooleanField(
        label=gettext_lazy("请保密"),
        required=False,
        help_text=gettext_lazy("只有指定的人能看到这件诉求，不公开、不进列表。"),
    )
    anonymous = forms.BooleanField(
        label=gettext_lazy("匿名，不留姓名电话"), required=False,
        help_text=gettext_lazy("举报、建议、表扬可以匿名。匿名的没法回访，离开这台手机也查不到进度。"),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=gettext_lazy("同意公开这封信和答复"), required=False,
        help_text=gettext_lazy("公开前会去掉姓名、电话和能看出是谁的内容；随时可以改成不公开。"),
    )  # fmt: skip

    def __init__(self, *args: Any, channel: str, party: str, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        letter = channel == hotline.Channel.MAILBOX
        gone = [] if letter else ["title", "consent"]
        gone += ["danger"] if letter else []
        for name in gone:
            del self.fields[name]
        if letter:
            self.fields["kind"].initial = Kind.SUGGESTION
            self.fields["text"].label = _("信的内容")
            self.fields["place"].label = _("说的是哪里")
        if fixed:
            self.fields["place"].label = _("再说具体一点")
            self.fields["place"].help_text = _("例如：靠东边第二盏灯")
        if party:
            self.fields["caller_phone"].label = _("回访打别的电话")
            self.fields["caller_phone"].help_text = _("不填就打您登记的电话。")
            del self.fields["caller_name"]
        if party or self.data.get("anonymous"):
            self.fields["caller_phone"].required = False

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("anonymous") and found.get("kind") not in ANONYMOUS and "kind" in found:
            self.add_error("anonymous", _("这件事要有人给您回话，请留电话；举报、建议、表扬可以匿名。"))
        return found

    def put(self, refused: hotline.HotlineRefused) -> list[str]:
        """Put the desk's words at their fields; gives those that belong to the photos."""
        rest = []
        for name, words in refused.fields.items():
            target = FIELD_OF.get(name, name)
            if target in self.fields:
                self.add_error(target, words)
            elif target == "photos":
                rest.append(words)
            else:
                self.add_error(None, words)
        if not refused.fields:
            self.add_error(None, refused.reason)
        return rest


@dataclass(frozen=True, slots=True)
class Sender:
    """Who says it: nobody known, or a signed-in party with its registered phone. The repr tells neither."""

    actor: kernel.Actor
    party: str = ""
    name: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        return f"Sender({self.party or '-'})"


def sender(actor: kernel.Actor, party: str) -> Sender:
    """The sender of a page: `party` in whose name a citizen asks, empty for visitors."""
    if not party:
        return Sender(kernel.SYSTEM)
    facts = actors.party_facts(party)
    return Sender(actor, party, facts.name, facts.phone or "")


def message(
    form: SayForm, photos: Photos, *, channel: str, who: Sender, place: places.PlaceView | None
) -> hotline.NewTicket:
    """The message of a form that is valid."""
    given = form.cleaned_data
    hidden = bool(given.get("anonymous"))
    latitude, longitude = given["latitude"], given["longitude"]
    words = given["place"]
    region = where.region_of(given["region"], given["township"], latitude, longitude)
    if place is not None:
        words = f"{place.where}，{words}"[:200] if words else place.where
        latitude, longitude, region = place.latitude, place.longitude, place.region
    return hotline.NewTicket(
        kind=given["kind"], channel=channel, text=given["text"], title=given.get("title", ""), place=words,
        latitude=latitude, longitude=longitude, region=region,
        caller_name="" if hidden else (who.name or given.get("caller_name", "")),
        caller_phone="" if hidden else (given["caller_phone"] or who.phone), caller="" if hidden else who.party,
        confidential=given["confidential"], stored=photos.stored,
        urgency=(hotline.Urgency.EMERGENCY if given.get("danger") else hotline.Urgency.ORDINARY).value,
        reference=places.reference_of(place.code) if place else "",
    )  # fmt: skip


def send(new: hotline.NewTicket, *, who: Sender, consent: bool, at: datetime, key: str) -> hotline.Taken:
    """Take the message, and keep the consent to publish it: both or neither.

    :raises hotline.HotlineRefused: what is wrong, by field
    :raises kernel.Conflict: the key was used for another message
    """
    actor = who.actor if new.caller else kernel.SYSTEM
    with kernel.writing():
        taken = hotline.take(new, actor=actor, at=at, key=f"portal:{key}" if key else "")
        if consent and taken.is_new:
            mailbox.consent(taken.docket, actor=actor, at=at)
    return taken
