"""Relations between contexts, which imports do not show: string foreign keys and reverse names."""

import re

import pytest
from django.apps import apps

from tests.boundaries.code import sources

# From the bottom up; a relation may point down or stay in its context.
LAYERS = [
    ["contenttypes", "auth", "sessions", "messages", "staticfiles"],
    ["kernel"],
    ["actors"],
    [
        "identity",
        "privacy",
        "catalogue",
        "messaging",
        "exchange",
        "seals",
        "archive",
        "licences",
        "payments",
        "knowledge",
        "portraits",
    ],
    [
        "cases",
        "partners",
        "themes",
        "helping",
        "remote",
        "hotline",
        "telephony",
        "listening",
        "figures",
        "heat",
        "sorting",
        "places",
        "mailbox",
        "policies",
        "matching",
        "claims",
        "bundles",
    ],
    [
        "appraisal",
        "supervision",
        "foresight",
        "facts",
        "months",
        "definitions",
        "exports",
        "subscriptions",
        "insight",
        "reports",
    ],
    ["portal", "workbench", "operating", "open311", "screen", "kiosk"],
    ["year"],
    ["admin"],  # Django's log of who edited what, which nothing reads
]
LEVEL = {label: level for level, labels in enumerate(LAYERS) for label in labels}
# A desk's own one-to-one table of its dockets is the design's; everything else crosses by opaque id.
ALLOWED = re.compile(
    r"^(?:(?:cases|partners|themes|helping|remote|hotline|heat|sorting|listening|mailbox|privacy|portraits|policies|claims|bundles|supervision)\.\w+ -> kernel\.Docket|identity\.Account -> auth\.\w+)$"
)


def crossing():
    for model in apps.get_models():
        for item in model._meta.get_fields():
            if item.is_relation and item.concrete and item.related_model is not None:
                own, other = model._meta.app_label, item.related_model._meta.app_label
                if own != other and own not in LAYERS[0] + ["admin"]:
                    yield own, other, f"{model._meta.label} -> {item.related_model._meta.label}", item


def test_every_context_has_its_layer():
    assert {app.label for app in apps.get_app_configs()} <= {*LEVEL, "web"}


def test_foreign_keys_point_down_and_only_where_the_design_says():
    found = list(crossing())
    assert found
    assert [words for own, other, words, _item in found if LEVEL[other] >= LEVEL[own]] == []
    assert [words for _own, _other, words, _item in found if not ALLOWED.match(words)] == []


@pytest.mark.parametrize("context", ["kernel"])
def test_no_context_walks_back_up_a_relation_that_another_one_made(context):
    """`docket.case` from below would be an import of the desk that import-linter cannot see."""
    names = {
        item.remote_field.get_accessor_name()
        for _own, other, _words, item in crossing()
        if other == context and not item.remote_field.hidden
    }
    assert names
    walked = re.compile(r"\.(?:" + "|".join(sorted(names)) + r")\b(?!\()")
    inside = {name: text for name, text in sources().items() if name.startswith(f"{context}/")}
    # `kernel.application` would be a module or a word of its own; only attribute access on a docket counts.
    found = [
        (name, line)
        for name, text in inside.items()
        for line in text.splitlines()
        if walked.search(line)
        and re.search(r"\b(?:docket|row|self|child|parent)\.", line)
        and "_related" not in line
    ]
    assert found == []
    joined = re.compile(r"(?:select|prefetch)_related\([^)]*\"(?:" + "|".join(sorted(names)) + r")\"")
    assert [name for name, text in inside.items() if joined.search(text)] == []
