"""A place to make a code for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.actors import api as actors
from tongban.desks.hotline.places.access import divisions
from tongban.desks.hotline.places.services import NAME, WHERE
from tongban.kernel import api as kernel
from tongban.web import formats
from tongban.web.forms import PlainForm


class PlaceForm(PlainForm):
    name = forms.CharField(
        label=_("点位名称"), max_length=NAME, help_text=_("印在纸上，如：人民广场西南角公示栏")
    )
    where = forms.CharField(
        label=_("诉求地点"), max_length=WHERE, help_text=_("扫码的人不用再写，派单看的就是它")
    )
    region = forms.ChoiceField(label=_("所在地区"))
    latitude = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)

    def __init__(self, *args: Any, actor: kernel.Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["region"]
        assert isinstance(chosen, forms.ChoiceField)
        mine = [actors.region(code) for code in sorted(divisions(actor))]
        named = [
            (one.code, _indented(one))
            for one in mine
            if one.level <= actors.Level.TOWNSHIP and not one.ended_on
        ]
        chosen.choices = [("", _("请选")), *named]


def _indented(one: actors.RegionInfo) -> str:
    """A division's name, those below set in, so that a long list is read as a tree."""
    name = one.name_en if formats.english() and one.name_en else one.name
    return "\u3000" * (int(one.level) - int(actors.Level.CITY)) + name
