"""Replacing the master key: every encrypted column found by introspection, while people work, to be taken up again."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone

from tests.actors.factories import a_person
from tongban.kernel import api as kernel
from tongban.kernel import rekeying
from tongban.kernel.contracts import SYSTEM
from tongban.kernel.keyring import master_keys, next_master_key
from tongban.kernel.ledger.models import SubjectKey
from tongban.kernel.privacy import EncryptedTextField, PrivacyError

pytestmark = pytest.mark.django_db
OLD, NEW = "11" * 32, "22" * 32
SAID = "张明 13871010007"


@pytest.fixture
def old_key(settings):
    settings.MASTER_KEY = settings.BLIND_INDEX_KEY = OLD
    settings.MASTER_KEY_VERSION, settings.MASTER_KEYS_OLD = 1, {}
    return settings


def new_key(settings, *, cipher="aes"):
    settings.MASTER_KEY, settings.MASTER_KEY_VERSION, settings.MASTER_KEYS_OLD = NEW, 2, {1: OLD}
    settings.PERSONAL_CIPHER = cipher


def filled(model, known):
    """One row of a model: encrypted columns with personal words, the rest with whatever its type takes."""
    if model in known:
        return known[model]
    values = {}
    for field in model._meta.local_fields:
        if isinstance(field, EncryptedTextField):
            values[field.name] = SAID
        elif isinstance(field, models.ForeignKey) and (field.primary_key or not field.null):
            values[field.name] = filled(field.related_model, known)
        elif (not field.null and not field.has_default() and not field.primary_key and not field.blank) or (
            field.primary_key
            and not isinstance(field, models.AutoField)
            and not field.is_relation
            and not field.has_default()
        ):
            values[field.name] = something(field)
    known[model] = model._base_manager.create(**values)
    return known[model]


def something(field):
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.now().date()
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.BinaryField):
        return b"x"
    if isinstance(field, models.IntegerField | models.FloatField):
        return 1
    if field.choices:
        return field.choices[0][0]
    return f"{field.name}-1"[: field.max_length or 60]


@pytest.fixture
def everywhere(old_key):
    """A real row in every encrypted column that the platform has, whoever brought it."""
    known = {}
    for column in rekeying.columns():
        filled(column.model, known)
    a_person()
    kernel.record(
        stream="s",
        act="a",
        actor=SYSTEM,
        at=timezone.now(),
        personal={"phone": "13871010007"},
        subject="person:1",
    )
    return rekeying.columns()


def raw(column):
    return list(rekeying._raw(column).values_list("raw", flat=True))


def rotate(**options):
    out = StringIO()
    call_command("privacy", "rotate", stdout=out, **options)
    return out.getvalue()


def test_every_encrypted_column_is_found():
    names = {one.name for one in rekeying.columns()}
    assert {
        "actors.Person.resident_id",
        "cases.Application.form",
        "messaging.Message.body",
        "privacy.Export.package",
    } <= names
    assert len(names) >= 15


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_everything_lies_under_the_new_key_and_reads_as_before(everywhere, settings, cipher):
    assert all(raw(column) for column in everywhere), "a column without a row proves nothing"
    new_key(settings, cipher=cipher)
    said = rotate(batch=1)
    prefix = "v2s:" if cipher == "sm4" else "v2:"
    for column in everywhere:
        assert all(text.startswith(prefix) for text in raw(column)), column.name
        assert SAID in set(column.model._base_manager.values_list(column.field.name, flat=True)), column.name
    assert "version 1 may be retired" in said
    assert rekeying.stale("1") == 0
    settings.MASTER_KEYS_OLD = {}
    (read,) = kernel.history("s", at=timezone.now(), with_personal=True)
    assert read.personal == {"phone": "13871010007"}
    assert rotate().startswith("0 rewritten")


def test_a_run_that_was_stopped_goes_on_where_rows_are_left(old_key, settings):
    people = [a_person(f"人{n}") for n in range(5)]
    new_key(settings)
    steps = rekeying.rewrite_all(batch=2, only="actors.Person.phone")
    first = next(steps)
    steps.close()
    assert (first.done, first.total) == (2, 5)
    assert rekeying.standing()["actors.Person.phone"] == {"v1": 3, "v2": 2}
    rest = list(rekeying.rewrite_all(batch=2, only="actors.Person.phone"))
    assert rest[-1].done == rest[-1].total == 3
    for person in people:
        person.refresh_from_db()
        assert person.phone == "13871010007"


def test_without_the_old_key_nothing_is_lost_and_the_words_say_what_to_do(old_key, settings):
    a_person()
    new_key(settings)
    settings.MASTER_KEYS_OLD = {}
    with pytest.raises(CommandError, match="run it again when the key is at hand"):
        rotate()
    settings.MASTER_KEYS_OLD = {1: OLD}
    rotate()
    settings.MASTER_KEYS_OLD = {}
    assert a_person("别人") is not None


def test_erased_subjects_stay_erased(old_key, settings):
    at = timezone.now()
    kernel.record(stream="s", act="a", actor=SYSTEM, at=at, personal={"phone": "1"}, subject="person:9")
    kernel.erase_subject("person:9", actor=SYSTEM, at=at, reason="R")
    new_key(settings)
    rotate()
    assert bytes(SubjectKey.objects.get(subject="person:9").wrapped) == b""


def test_values_kept_elsewhere_take_part(old_key, settings):
    left = [3, 0]
    rekeying.register_sealed("test.json", count=lambda: {"v1": sum(left)}, rewrite=lambda n: left.pop(0))
    try:
        new_key(settings)
        assert rekeying.stale("1") >= 3
        assert "test.json: 3" in rotate()
    finally:
        rekeying._elsewhere.pop("test.json")


class TestKeyFiles:
    def test_a_new_key_keeps_what_the_blind_indexes_need(self, tmp_path):
        first = master_keys(tmp_path, {})
        assert (first.version, first.old, first.index) == (1, {}, first.current)
        assert next_master_key(tmp_path) == 2
        second = master_keys(tmp_path, {})
        assert second.version == 2
        assert second.old == {1: first.current}
        assert second.index == first.current
        assert second.current != first.current
        (tmp_path / "master").unlink()  # retired
        third = master_keys(tmp_path, {})
        assert (third.version, third.old, third.index) == (2, {}, first.current)
        assert not (tmp_path / "master").exists(), "a retired key is not made anew"

    def test_keys_from_the_environment(self, tmp_path):
        given = {
            "TONGBAN_KEY": NEW,
            "TONGBAN_KEY_VERSION": "2",
            "TONGBAN_KEYS_OLD": f"1:{OLD}",
            "TONGBAN_INDEX_KEY": OLD,
        }
        keys = master_keys(tmp_path, given)
        assert (keys.version, keys.current, keys.old, keys.index) == (2, NEW, {1: OLD}, OLD)
        assert not list(tmp_path.iterdir())
        assert NEW not in repr(keys)

    def test_an_old_key_is_retired_only_when_nothing_needs_it(self, old_key, settings, tmp_path, monkeypatch):
        monkeypatch.delenv("TONGBAN_KEY", raising=False)
        settings.DATA = tmp_path
        (tmp_path / "keys").mkdir()
        (tmp_path / "keys" / "master").write_text(OLD)
        next_master_key(tmp_path / "keys")
        a_person()
        new_key(settings)
        with pytest.raises(CommandError, match="still lie under version 1"):
            call_command("privacy", "retire", "1")
        rotate()
        call_command("privacy", "retire", "1", stdout=StringIO())
        assert not (tmp_path / "keys" / "master").exists()
        with pytest.raises(CommandError):
            call_command("privacy", "retire", "2")


def test_somebody_who_comes_back_after_an_erasure_is_not_mixed_with_before(old_key):
    at = timezone.now()
    kernel.record(stream="s", act="a", actor=SYSTEM, at=at, personal={"phone": "1"}, subject="person:9")
    place = kernel.erase_subject("person:9", actor=SYSTEM, at=at, reason="R")
    kernel.record(
        stream="s", act="b", actor=SYSTEM, at=at + timedelta(1), personal={"phone": "2"}, subject="person:9"
    )
    first, second = kernel.history("s", at=at, with_personal=True)
    assert first.personal == {"erased": place}
    assert second.personal == {"phone": "2"}
    kernel.erase_subject("person:9", actor=SYSTEM, at=at, reason="R2")
    _first, second = kernel.history("s", at=at, with_personal=True)
    assert set(second.personal) == {"erased"}


def test_a_wrapped_key_of_before_versions_is_read(old_key, settings):
    """What 0.1 wrote has no version in front."""
    from tongban.kernel.ledger import personal

    at = timezone.now()
    kernel.record(stream="s", act="a", actor=SYSTEM, at=at, personal={"phone": "1"}, subject="person:9")
    row = SubjectKey.objects.get(subject="person:9")
    row.wrapped = bytes(row.wrapped)[2:]
    row.save()
    assert personal.version_of(row.wrapped) == 1
    new_key(settings)
    rotate()
    assert kernel.history("s", at=at, with_personal=True)[0].personal == {"phone": "1"}


def test_a_changed_value_stops_the_run_and_is_named_not_shown(old_key, settings):
    from tongban.actors.models import Person

    person = a_person()
    Person.objects.filter(pk=person.pk).update(
        phone=models.Value("v1:" + "A" * 60, output_field=models.TextField())
    )
    new_key(settings)
    with pytest.raises(PrivacyError):
        list(rekeying.rewrite_all(only="actors.Person.phone"))
