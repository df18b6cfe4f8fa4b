"""English is complete: what the wizard says in English holds no Chinese character, whatever the answers."""

import re
from collections.abc import Iterator

import pytest

from tests.desks.themes.city import CALENDAR, REGION, THEMES, PackCatalogue, packed
from tongban.desks.themes.answers import next_question
from tongban.desks.themes.checking.context import instant_of
from tongban.desks.themes.contracts import FormField, Party, Plan, Question, Wording
from tongban.desks.themes.load import read_file
from tongban.desks.themes.planning import plan
from tongban.desks.themes.sources import group_names, result_english
from tongban.registers.catalogue.checks import ELEMENT, against
from tongban.registers.catalogue.contracts import Result

PARSED = {path.stem: read_file(path).theme for path in THEMES}
HAN = re.compile(r"[\u3400-\u9fff]")
QUOTED = re.compile(r"“[^”]*”|《[^》]*》")
"""What has to be written in Chinese is quoted: 无, the title of a law."""
EXAMPLES = [(theme, example) for theme in PARSED.values() for example in theme.examples]


def chinese(words: str) -> str:
    return words if HAN.search(QUOTED.sub("", words)) else ""


def said_in(question: Question) -> Iterator[Wording]:
    yield from (question.ask, question.help, question.unsure, question.unit)
    for _value, label, note in question.options:
        yield from (label, note)


def labels(item: FormField) -> Iterator[str]:
    yield from (item.label.text("en"), item.help.text("en"))
    yield from (item.choice_label(one, "en") for one in item.choices)


def words(made: Plan) -> Iterator[str]:
    """Every text of the one notice and the form, in English."""
    for group in made.form:
        yield group.name.text("en")
        for item in group.fields:
            yield from labels(item)
    said = [made.name, made.delivery.note, *(result.wording for result in made.results)]
    said += [text for matter in made.matters for text in (matter.name, matter.why)]
    said += [paper.name for paper in made.materials]
    said += [text for paper in made.spared for text in (paper.name, paper.why)]
    said += [survey.name for survey in made.surveys]
    said += [text for group in made.preconditions for text in (group.name, group.remedy)]
    yield from (text.text("en") for text in said)


@pytest.mark.parametrize(("theme", "example"), EXAMPLES, ids=[f"{t.code}: {e.name}" for t, e in EXAMPLES])
def test_the_english_of_a_plan_holds_no_chinese(theme, example):
    party = Party(example.party, REGION)
    made = plan(
        theme, example.answers, party, catalogue=PackCatalogue(), at=instant_of(example.on), calendar=CALENDAR,
        version=theme.version,
    )  # fmt: skip
    assert sorted({found for text in words(made) if (found := chinese(text))}) == []


@pytest.mark.parametrize("theme", PARSED.values(), ids=PARSED)
def test_the_english_of_a_question_holds_no_chinese(theme):
    found = set()
    for example in theme.examples:
        party, answers = Party(example.party, REGION), {}
        while question := next_question(theme, answers, party=party, today=instant_of(example.on).date()):
            found |= {text.text("en") for text in said_in(question) if chinese(text.text("en"))}
            answers[question.key] = example.answers[question.key]
    assert found == set()


def test_every_data_element_has_its_english():
    elements = packed("elements")
    assert {one["group"] for one in elements} <= set(group_names())
    assert [one["key"] for one in elements if one.get("help") and not one.get("help_en")] == []
    said = {
        one["key"]: (
            *(one.get("choices_en") or one.get("choices", ())),
            one.get("help_en", ""),
            one["name_en"],
        )
        for one in elements
    }
    assert {key: texts for key, texts in said.items() if any(map(chinese, texts))} == {}


def test_every_result_of_a_matter_has_its_english():
    results = [one for file in packed("catalogue") for matter in file["matters"] for one in matter["results"]]
    said = {one["name"]: result_english(Result(**one)) for one in results}
    assert {name: english for name, english in said.items() if not english or chinese(english)} == {}


def test_every_situation_of_a_matter_has_its_english():
    for file in packed("catalogue"):
        for matter in file["matters"]:
            english = [one.get("name_en", "") for one in matter["situations"]]
            assert all(text and not chinese(text) for text in english), matter["name"]
            assert len(set(english)) == len(english), matter["name"]


def test_a_licence_is_named_in_one_place():
    """Its kind says the English; a result says it again only where it is called something else."""
    assert result_english(Result("营业执照", "证照", "business-licence")) == "Business licence"
    own = Result("营业执照（变更后）", "证照", "business-licence", name_en="The changed licence")
    assert result_english(own) == "The changed licence"


def test_choices_and_their_english_stand_side_by_side():
    entry = {"key": "a", "name": "甲", "type": "choice", "choices": ["一", "二"]}
    assert list(against(ELEMENT, entry)) == []
    assert list(against(ELEMENT, {**entry, "choices_en": ["One", "Two"]})) == []
    assert "一一对应" in next(against(ELEMENT, {**entry, "choices_en": ["One"]}))
    assert "相同" in next(against(ELEMENT, {**entry, "choices_en": ["One", "One"]}))
