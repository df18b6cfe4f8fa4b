"""The engine: what a query finds, in which order, for whom."""

import pytest

from tongban.kernel.search import Document, Field, Index, Vocabulary, VocabularyError
from tongban.kernel.search.analysis import normalise, split_pinyin

FIELDS = (Field("name", 4.0, sound=True), Field("keywords", 2.0, sound=True), Field("guide", 0.4))
WORDS = """
stop: [我要, 怎么办]
intents:
  - {name: cancel, say: [不干了, 注销], mean: [注销]}
  - {name: replace, say: [丢了, 补办], mean: [补领]}
usual: [核发]
synonyms:
  - {say: [开饭馆, 餐馆], mean: [食品经营许可]}
  - {say: [五险], mean: [社会保险]}
"""
NAMES = {
    "food": "食品经营许可核发",
    "food-off": "食品经营许可注销",
    "works": "食品小作坊登记",
    "id": "居民身份证补领",
    "social": "社会保险登记",
    "bank": "银行账户核查",
}


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory):
    file = tmp_path_factory.mktemp("words") / "synonyms.yaml"
    file.write_text(WORDS, encoding="utf-8")
    return Vocabulary.load(file)


def documents():
    for key, name in NAMES.items():
        region = "B" if key == "works" else "A"
        yield Document(key, {"name": name}, {"region": (region,)}, payload={"name": name})


@pytest.fixture(scope="module")
def index(vocabulary):
    made = Index(name="test", fields=FIELDS, vocabulary=vocabulary)
    assert made.rebuild(documents()) == len(NAMES)
    return made


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("食品经营许可", "food"),
        ("我要开饭馆", "food"),
        ("开饭馆不干了", "food-off"),
        ("开饭管", "food"),  # sounds the same
        ("食品经迎许可", "food"),  # homophone inside an official name
        ("kaifanguan", "food"),
        ("spjyxk", "food"),
        ("身份证丢了", "id"),
        ("五险", "social"),
        ("yinhang", "bank"),  # 行 read hang in a word
        ("ＳＰＪＹＸＫ", "food"),  # full width
    ],
)
def test_finds_what_people_mean(index, query, first):
    assert index.search(query, top=1)[0].key == first


def test_filter_keeps_to_the_region(index):
    found = {hit.key for hit in index.search("食品", filters={"region": ["B"]})}
    assert found == {"works"}
    assert not index.search("食品", filters={"region": ["C"]})


def test_scope_hides_what_a_reader_may_not_see(vocabulary):
    made = Index(name="test", fields=FIELDS, vocabulary=vocabulary)
    made.rebuild(
        [
            Document("open", {"name": "食品公告"}),
            Document("inner", {"name": "食品内部通报"}, scope=("unit:1",)),
        ]
    )
    assert [hit.key for hit in made.search("食品")] == ["open"]
    assert {hit.key for hit in made.search("食品", scope=["unit:1"])} == {"open", "inner"}
    assert [hit.key for hit in made.suggest("食品")] == ["open"]


@pytest.mark.parametrize("query", ["", "   ", "！？", "量子纠缠", "x" * 5000, "\x00", "zzzz"])
def test_nothing_found_is_an_empty_list(index, query):
    assert [hit for hit in index.search(query) if hit.score > 1] == []


def test_suggestions_complete_characters_pinyin_and_initials(index):
    assert index.suggest("居民")[0].key == "id"
    assert index.suggest("jumin")[0].key == "id"
    assert index.suggest("jmsf")[0].key == "id"
    assert index.suggest("") == []


def test_a_folder_index_is_opened_again_and_replaced_whole(tmp_path, vocabulary):
    folder = tmp_path / "index"
    Index(name="test", fields=FIELDS, folder=folder, vocabulary=vocabulary).rebuild(documents())
    again = Index(name="test", fields=FIELDS, folder=folder, vocabulary=vocabulary)
    assert again.search("开饭馆", top=1)[0].payload == {"name": NAMES["food"]}
    again.rebuild([Document("one", {"name": "社会保险登记"})])
    assert len(Index(name="test", fields=FIELDS, folder=folder, vocabulary=vocabulary)) == 1


def test_vocabulary_tells_what_is_wrong_with_it(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text("synonyms:\n  - {say: [饭馆]}\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match="第1条"):
        Vocabulary.load(file)


def test_pinyin_is_split_and_the_last_syllable_may_be_unfinished():
    assert split_pinyin("shipin") == ("shi", "pin")
    assert split_pinyin("shipinj") == ("shi", "pin", "j")
    assert split_pinyin("xq") == ()
    assert normalise("《食品》  经营（许可）") == "食品 经营 许可"
