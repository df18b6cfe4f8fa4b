"""Profiles say what is wrong with them by file and key; those of the packs can be planned."""

import pytest

from tests.year import town
from tongban.year import profiles
from tongban.year.contracts import YearError
from tongban.year.planning.quantities import quantities
from tongban.year.planning.quotas import exactly, scaled

SLUGS = sorted(path.stem for path in profiles.folder().glob("*.yaml") if path.stem != "topics")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"published__requests": {"value": -1, "row": "E1"}}, "published.requests.value"),
        ({"published__requests": {"row": "E1"}}, "published.requests.value"),
        ({"published__by_net": {"value": 11, "row": "E1"}}, "published.by_net.value"),
        ({"published__satisfied": {"value": 101, "row": "E4"}}, "published.satisfied.value"),
        ({"assumed__hours": [1, 2, 3]}, "assumed.hours"),
        ({"assumed__at_once": "many"}, "assumed.at_once"),
        ({"assumed__net": {"telex": 1}}, "assumed.net.telex"),
        ({"assumed__applications": -3}, "assumed.applications"),
        ({"assumed__topics": {}}, "assumed.topics"),
        ({"last": "soon"}, "last"),
        ({"mayor": "x"}, "mayor"),
    ],
)
def test_a_fault_is_named_with_file_and_key(tmp_path, changes, says):
    town.written(tmp_path, **changes)
    with pytest.raises(YearError) as error:
        profiles.read(tmp_path / "small.yaml")
    assert f"small.yaml: {says}" in str(error.value)


def test_an_unknown_city_is_told_which_there_are():
    with pytest.raises(YearError, match="xianning-2023"):
        profiles.profile("atlantis-1999")


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("scale", [1, 0.05, 0.01, 0.002])
def test_every_profile_can_be_counted_at_every_scale(slug, scale):
    found = profiles.profile(slug)
    counts = quantities(found, scale=exactly(scale))
    assert counts.requests == scaled(found.published["requests"].value, scale)
    assert sum(counts.heard.values()) == counts.handled == counts.fates["unit"] - counts.open
    assert min(*counts.heard.values(), *counts.fates.values(), *counts.channels.values()) >= 0
