"""The packs of bundles: every example holds, everything named exists, and nothing lawful hangs on the market."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings

from tongban.desks.bundles import reading
from tongban.desks.bundles.contracts import PackError

PACKS = Path(settings.PACKS)
FIVE = {"project", "legal", "finance", "talent", "technology"}


def written(folder):
    return "\n".join(path.read_text(encoding="utf-8") for path in (PACKS / folder).glob("*.yaml"))


def test_the_five_are_there_and_their_examples_hold():
    assert set(reading.shelf().bundles) >= FIVE
    for ready in reading.shelf().bundles.values():
        assert len(ready.bundle.examples) >= 2


def test_every_matter_theme_and_measure_that_is_named_exists():
    matters, themes, policies = written("catalogue"), written("themes"), written("policies")
    for ready in reading.shelf().bundles.values():
        for line in ready.bundle.lawful:
            if line.kind == "matter":
                assert f'code: "{line.ref}"' in matters, f"{ready.bundle.slug}: {line.ref}"
            elif line.kind == "theme":
                assert f"\ncode: {line.ref}\n" in themes, f"{ready.bundle.slug}: {line.ref}"
            else:
                assert f"- key: {line.ref}\n" in policies, f"{ready.bundle.slug}: {line.ref}"


def test_every_service_of_the_market_says_how_to_do_without_it_in_both_languages():
    for _slug, line in reading.shelf().needs.values():
        assert line.alone
        assert line.alone_en


@pytest.fixture
def packs(tmp_path):
    for path in (PACKS / "bundles").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def changed(packs, name, change):
    pack = yaml.safe_load((packs / name).read_text(encoding="utf-8"))
    change(pack)
    (packs / name).write_text(yaml.safe_dump(pack, allow_unicode=True), encoding="utf-8")
    with pytest.raises(PackError) as refused:
        reading.read(packs)
    return str(refused.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p: p["lawful"][0].update(needs="contract-review"), "Extra inputs"),
        (lambda p: p["lawful"][0].update(theme="newborn"), "exactly one"),
        (lambda p: p["market"][0].pop("alone"), "alone: Field required"),
        (lambda p: p["market"][0].update(by=["astrologer"]), "no category astrologer"),
        (lambda p: p["market"][0].update(when={"==": [{"var": "weather"}, "x"]}), "weather"),
        (lambda p: p["market"][0].update(when={"==": [{"var": "listed"}, "x"]}), "market 0"),
        (lambda p: p["examples"][0].update(market=[]), "gives"),
        (lambda p: p["examples"][0]["answers"].update(trouble="love"), "no question takes"),
        (lambda p: p.update(slug="law"), "not the file's name"),
        (lambda p: p["market"][1].update(key="contract-review"), "used twice"),
    ],
)
def test_a_fault_is_told_with_its_place(packs, change, says):
    told = changed(packs, "legal.yaml", change)
    assert says in told
    assert told.startswith("legal.yaml")


def test_the_market_needs_every_limit(packs):
    assert "confirm" in changed(packs, "_market.yaml", lambda p: p["limits"].pop("confirm"))


def test_what_is_not_answered_is_left_out_never_guessed():
    ready = reading.shelf().bundles["legal"]
    lawful, market = reading.chosen(ready, {})
    assert (lawful, market) == ([], [])
    assert reading.accepted(ready.bundle, {"trouble": "love", "paper": "maybe", "listed": "yes"}) == {
        "listed": True
    }
