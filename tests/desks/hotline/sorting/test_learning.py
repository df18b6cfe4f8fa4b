"""Reading, counting, learning, calibrating, keeping: without a database."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from django.conf import settings

from tests.desks.hotline.sorting import pieces
from tongban.desks.hotline.sorting import current, explaining, lexicon, ridge, storing
from tongban.desks.hotline.sorting.calibration import calibrate, expected_error, macro_f1
from tongban.desks.hotline.sorting.features import Reader, learn_vocabulary
from tongban.desks.hotline.sorting.grams import Words, grams
from tongban.desks.hotline.sorting.judging import crossed, is_touchstone, measure, stratified
from tongban.desks.hotline.sorting.learning import Lesson, TooLittleError, learn
from tongban.desks.hotline.sorting.reading import BODY_MOST, plain, shaped, written


@pytest.fixture(scope="module")
def model():
    return pieces.small_model()


def test_text_is_read_without_signs_width_and_case():
    assert plain("ＫＴＶ　太吵！！ <b>KTV</b>&nbsp;12点\n😀还在唱\0") == "ktv太吵ktv12点还在唱"


def test_a_masked_place_and_a_number_look_like_any_other():
    one, other = (shaped(written([text], most=99)).codes for text in ("A7县打13812345678", "K市打120"))
    assert "".join(map(chr, one)) == "a0县打0"
    assert "".join(map(chr, other)) == "a市打0"


def test_a_text_without_end_is_read_at_both_ends():
    read = plain("头" * 60_000 + "尾" * 40_000)
    assert len(read) == BODY_MOST
    assert (read[0], read[-1]) == ("头", "尾")


def test_words_are_found_where_they_overlap_and_never_across_two_texts():
    words = Words(["物业", "物业公司", "公司", "司机"])
    found = words.in_batch(written(["物业公司的物业", "公司", "我公", "司机来"], most=99))
    said = [
        (text, words.words[word], times)
        for text, word, times in zip(found.texts, found.things, found.times, strict=True)
    ]
    assert said == [(0, "物业", 2), (0, "物业公司", 1), (0, "公司", 1), (1, "公司", 1), (3, "司机", 1)]


def test_pairs_never_reach_into_the_next_text():
    together = grams(written(["甲乙", "丙"], most=9))
    assert (together.texts == [0, 0, 0, 1]).all()


def test_a_word_that_cannot_be_found_is_not_found_in_nothing():
    assert len(Words(["物业"]).in_batch(written(["", "！"], most=9)).things) == 0


def test_what_was_learned_is_known_again(model):
    said = model.classify(
        [("八路公交车司机不停车", "八路公交车司机到站不停车"), ("", "老板拖欠工资"), ("夜里施工噪音", "")]
    )
    assert [label for label, _sure in said] == ["交通", "劳动", "环境"]
    assert all(sure > 0.6 for _label, sure in said)


def test_levels_below_the_first_are_learned_from_enough_messages(model):
    assert "环境/污水" in model.deep
    few = [one for one in pieces.lessons() if one.category != "环境/污水"]
    assert "环境/污水" not in learn([*few, *pieces.lessons()[36:40]], lexicon=pieces.LEXICON).deep


def test_the_same_lessons_give_the_same_model(model):
    assert np.array_equal(pieces.small_model().weights, model.weights)


def test_nothing_can_be_learned_of_one_category():
    with pytest.raises(TooLittleError):
        learn([Lesson("一", "二", "环境")] * 3, lexicon=pieces.LEXICON)


def test_empty_and_strange_messages_get_an_answer(model):
    strange = [("", ""), ("😀😀", "！？。"), ("x" * 300, "字" * 100_000), ("<script>", "\0\0")]
    said = model.classify(strange)
    assert len(said) == 4
    assert all(0 < sure <= 1 for _label, sure in said)
    assert model.classify([]) == []


def test_the_words_that_decided_are_words_of_the_message(model):
    found = explaining.words(model, ("施工噪音", "楼下半夜施工噪音大，睡不着"), "环境")
    assert {word for word, _share in found} == {"施工", "噪音", "睡不着"}
    assert all(share > 0 for _word, share in found)


def _rows():
    lessons = pieces.lessons()
    messages = [one.message for one in lessons]
    reader = Reader(pieces.LEXICON, learn_vocabulary(pieces.LEXICON, messages))
    truth = np.array([one.category.startswith("环境") for one in lessons])
    targets = np.where(truth[:, None], [1.0, -1.0], [-1.0, 1.0])
    return reader, reader.rows(messages), targets - targets.mean(axis=0)


def test_gradients_find_what_the_exact_solution_finds(monkeypatch):
    reader, rows, targets = _rows()
    trust = np.linspace(0.3, 1, len(rows))
    exact = ridge.fit(rows, targets, width=reader.width, trust=trust)
    monkeypatch.setattr(ridge, "EXACT_MOST", 10)
    near = ridge.fit(rows, targets, width=reader.width, trust=trust)
    assert near.left_out is None
    assert np.allclose(ridge.scores(rows, near.weights), ridge.scores(rows, exact.weights), atol=5e-3)


def test_what_is_left_out_is_what_a_model_without_it_would_say():
    reader, rows, targets = _rows()
    trust = np.ones(len(rows))
    exact = ridge.fit(rows, targets, width=reader.width, trust=trust)
    others = np.arange(1, len(rows))
    without = ridge.fit(rows.take(others), targets[others], width=reader.width, trust=trust[1:])
    assert np.allclose(
        ridge.scores(rows.take(np.array([0])), without.weights)[0], exact.left_out[0], atol=1e-3
    )


def test_confidence_means_what_it_says():
    chance = np.random.default_rng(1)
    scores = chance.normal(size=(4_000, 3))
    odds = np.exp(1.5 * scores) / np.exp(1.5 * scores).sum(axis=1, keepdims=True)
    truth = np.array([chance.choice(3, p=one) for one in odds])
    learned = calibrate(scores, truth, trust=np.ones(4_000))
    sure = learned.confidences(scores)
    assert learned.slope == pytest.approx(1.5, abs=0.15)
    assert expected_error(sure.max(axis=1), (sure.argmax(axis=1) == truth).astype(float)) < 0.03


def test_macro_f1_weighs_every_category_alike():
    assert macro_f1(np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0])) == pytest.approx((6 / 7 + 0) / 2)


def test_folds_spread_every_category():
    truth = np.array([0] * 50 + [1] * 7)
    fold = stratified(truth, seed=3, folds=5)
    assert (
        max(np.bincount(fold[truth == 1], minlength=5)) - min(np.bincount(fold[truth == 1], minlength=5)) <= 1
    )


def test_a_touchstone_stays_one_however_it_is_written():
    stones = [n for n in range(500) if is_touchstone(Lesson("", f"第{n}件事情", "环境"))]
    assert 25 <= len(stones) <= 80
    assert is_touchstone(Lesson("别的题目", f" 第{stones[0]}件事情！", "交通"))


# Kept as a file ------------------------------------------------------------------------------


def test_a_model_comes_back_as_it_went(model, tmp_path):
    digest = storing.save(model, tmp_path / "deep" / "m.npz")
    back = storing.load(tmp_path / "deep" / "m.npz", departments_of=pieces.LEXICON, digest_was=digest)
    asked = [one.message for one in pieces.lessons()]
    assert [label for label, _ in back.classify(asked)] == [label for label, _ in model.classify(asked)]
    assert back.lexicon.departments == pieces.LEXICON.departments


def test_a_model_keeps_the_words_it_was_learned_with(model, tmp_path):
    storing.save(model, tmp_path / "m.npz")
    edited = replace(pieces.LEXICON, categories={**pieces.LEXICON.categories, "环境/粉尘": ("粉尘",)})
    back = storing.load(tmp_path / "m.npz", departments_of=edited)
    assert "环境/粉尘" not in back.lexicon.categories
    assert back.classify([("", "老板拖欠工资")])[0][0] == "劳动"


def _cut(path):
    path.write_bytes(path.read_bytes()[:-200])


def _noise(path):
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 20)


def _pickled(path):
    np.savez(path, header=np.array([{"a": 1}], dtype=object))


def _narrow(path):
    with np.load(path) as held:
        arrays = dict(held)
    np.savez(path, **{**arrays, "weights": arrays["weights"][:-3]})


def _other_format(path):
    with np.load(path) as held:
        arrays = dict(held)
    header = {**json.loads(arrays["header"].tobytes()), "format": 99}
    np.savez(path, **{**arrays, "header": np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)})


@pytest.mark.parametrize(
    "spoil", [_cut, _noise, _pickled, _narrow, _other_format, lambda path: path.unlink()]
)
def test_a_broken_file_is_told_as_broken(model, tmp_path, spoil):
    storing.save(model, tmp_path / "m.npz")
    spoil(tmp_path / "m.npz")
    with pytest.raises(storing.BrokenModelError):
        storing.load(tmp_path / "m.npz", departments_of=pieces.LEXICON)


def test_a_file_that_is_not_the_registered_one_is_not_used(model, tmp_path):
    storing.save(model, tmp_path / "m.npz")
    with pytest.raises(storing.BrokenModelError):
        storing.load(tmp_path / "m.npz", departments_of=pieces.LEXICON, digest_was="0" * 64)


# What is shipped -----------------------------------------------------------------------------


def test_the_faults_of_a_lexicon_are_all_told(tmp_path):
    path = tmp_path / "lexicon.yaml"
    path.write_text(
        "categories: {环境/噪音: 吵 噪音, 一/二/三/四: 词语}\ndepartments: {没有的: cgj}\nweights: {weak: 噪音 街道, strong: 噪音}\nurgency: {urgent: [{words: [停水], call: '114'}]}",
        encoding="utf-8",
    )
    with pytest.raises(lexicon.LexiconError) as told:
        lexicon.read(path)
    assert len(str(told.value).splitlines()) == 6


def test_what_it_is_about_counts_more_than_who_it_is_about():
    model = learn(current.examples(), lexicon=pieces.shipped_lexicon())
    said = model.classify(
        [
            ("", "学校老师的养老保险没有缴纳社保"),
            ("", "医院旁边半夜施工噪音扰民"),
            ("", "小区门口的出租车拒载不打表"),
        ]
    )
    assert [label for label, _sure in said] == ["劳动和社会保障", "环境保护", "交通运输"]


@pytest.mark.parametrize("text", ["categories: [", "只有一句话", "categories: {}"])
def test_a_file_that_is_no_lexicon_is_told(tmp_path, text):
    path = tmp_path / "lexicon.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(lexicon.LexiconError):
        lexicon.read(path)


@pytest.mark.skipif(not pieces.TAXONOMY.exists(), reason="the shared taxonomy is not here (TONGBAN_SHARED)")
def test_every_category_of_the_lexicon_is_one_of_the_taxonomy():
    with pieces.TAXONOMY.open(encoding="utf-8-sig", newline="") as file:
        known = {"/".join(row.values()) for row in csv.DictReader(file)}
    assert sorted(set(pieces.shipped_lexicon().categories) - known) == []


def test_every_category_has_a_department_or_says_that_it_has_none():
    shipped = pieces.shipped_lexicon()
    without = {path.split("/")[0] for path in shipped.categories if not shipped.department(path)}
    assert without == {"党务政务", "纪检监察"}
    assert (settings.PACKS / "hotline" / "examples.yaml").exists()


@pytest.mark.skipif(not pieces.LABELLED.exists(), reason="the shared messages are not here (TONGBAN_SHARED)")
def test_real_messages_are_told_apart():
    lessons = pieces.labelled()
    fold = stratified(np.unique([one.category for one in lessons], return_inverse=True)[1], seed=11, folds=5)
    seen, unseen = (
        [one for one, n in zip(lessons, fold, strict=True) if bool(n == 0) is asked]
        for asked in (False, True)
    )
    found = measure(learn(seen, lexicon=pieces.shipped_lexicon(), deep=False), unseen)
    assert found.macro_f1 > 0.84  # one fold of five: the mean of many is some 0.89
    assert found.off < 0.1


def test_cross_validation_asks_each_message_once():
    found = crossed(pieces.lessons(), lexicon=pieces.LEXICON, seed=1, folds=3)
    assert found.texts == len(pieces.lessons())
    assert found.macro_f1 > 0.9
