import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.privacy import (
    EncryptedTextField,
    PrivacyError,
    blind_index,
    decrypt,
    derive_key,
    encrypt,
    mask,
    mask_id,
    mask_name,
    mask_phone,
    rotate,
)

OLD, NEW = "11" * 32, "22" * 32


@given(st.text())
def test_what_was_encrypted_comes_back_and_never_looks_the_same_twice(text):
    token = encrypt(text, purpose="phone")
    assert token.startswith("v1:")
    assert decrypt(token, purpose="phone") == text
    assert encrypt(text, purpose="phone") != token
    if len(text) > 3:
        assert text not in token


def test_a_changed_value_or_another_purpose_is_refused():
    token = encrypt("13812345678", purpose="phone")
    with pytest.raises(PrivacyError):
        decrypt(token, purpose="address")
    with pytest.raises(PrivacyError):
        decrypt(token[:-6] + ("AAAAA=" if not token.endswith("AAAAA=") else "BBBBB="), purpose="phone")
    with pytest.raises(PrivacyError):
        decrypt("v9" + token[2:], purpose="phone")
    with pytest.raises(PrivacyError, match="not a ciphertext"):
        decrypt("13812345678", purpose="phone")


def test_a_key_can_be_replaced_and_old_values_stay_readable(settings):
    settings.MASTER_KEY = settings.BLIND_INDEX_KEY = OLD
    token, index = encrypt("张明", purpose="name"), blind_index("张明", purpose="name")
    settings.MASTER_KEY, settings.MASTER_KEY_VERSION, settings.MASTER_KEYS_OLD = NEW, 2, {1: OLD}
    assert decrypt(token, purpose="name") == "张明"
    fresh = rotate(token, purpose="name")
    assert fresh.startswith("v2:")
    assert rotate(fresh, purpose="name") == fresh
    assert decrypt(fresh, purpose="name") == "张明"
    assert blind_index("张明", purpose="name") == index
    settings.MASTER_KEYS_OLD = {}
    with pytest.raises(PrivacyError, match="version 1 is not at hand"):
        decrypt(token, purpose="name")


def test_a_master_key_that_is_none_is_told(settings):
    settings.MASTER_KEY = "not hex"
    with pytest.raises(PrivacyError, match="hex"):
        encrypt("x", purpose="p")
    settings.MASTER_KEY = "11" * 8
    with pytest.raises(PrivacyError, match="32 are needed"):
        encrypt("x", purpose="p")
    assert derive_key(OLD, "a") != derive_key(OLD, "b")


def test_a_blind_index_finds_every_spelling_and_keeps_purposes_apart():
    index = blind_index("42120219900101123x", purpose="resident_id")
    assert index == blind_index(" 421202 1990０１０１123Ｘ ", purpose="resident_id")
    assert index != blind_index("42120219900101123x", purpose="phone")
    assert index != blind_index("421202199001011240", purpose="resident_id")
    assert len(index) == 64


@pytest.mark.django_db
@isolate_apps("tongban.kernel")
def test_a_field_lies_encrypted_in_the_database():
    class Secret(models.Model):  # noqa: DJ008 - lives for this test only
        note = EncryptedTextField(null=True, blank=True)

        class Meta:
            app_label = "kernel"
            db_table = "test_privacy_secret"

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE test_privacy_secret (id integer PRIMARY KEY, note text NULL)")
        Secret.objects.create(id=1, note="咸安区永安大道 1 号")
        Secret.objects.create(id=2, note=None)
        Secret.objects.create(id=3, note="")
        cursor.execute("SELECT note FROM test_privacy_secret ORDER BY id")
        raw = [row[0] for row in cursor.fetchall()]
        assert raw[0].startswith("v1:")
        assert raw[1:] == [None, ""]
        assert [row.note for row in Secret.objects.order_by("id")] == ["咸安区永安大道 1 号", None, ""]
        assert Secret.objects.filter(note__isnull=True).count() == 1
        with pytest.raises(PrivacyError, match="blind index"):
            Secret.objects.filter(note="咸安区永安大道 1 号").exists()
        cursor.execute("DROP TABLE test_privacy_secret")


def test_a_purpose_that_was_named_is_kept_by_migrations():
    assert EncryptedTextField(purpose="phone").deconstruct()[3] == {"purpose": "phone"}


@pytest.mark.parametrize(
    ("function", "value", "shown"),
    [
        (mask_name, "张小明", "张*明"),
        (mask_name, "张明", "张*"),
        (mask_name, "张", "*"),
        (mask_name, "", ""),
        (mask_name, "欧阳小明", "欧**明"),
        (mask_id, "42120219900101123X", "4212************3X"),
        (mask_id, "1234", "1***"),
        (mask_phone, "13812345678", "138****5678"),
        (mask_phone, "0715-8255123", "**********23"),
        (mask, "abc", "a*c"),
    ],
)
def test_masks(function, value, shown):
    assert function(value) == shown


@given(st.text(max_size=30), st.integers(0, 5), st.integers(0, 5))
def test_a_mask_keeps_the_length_and_hides_something(text, head, tail):
    shown = mask(text, head=head, tail=tail)
    assert len(shown) == len(text)
    assert not text or "*" in shown


class TestSM4:
    """GB/T 32907-2016; the vector is that of RFC 8998, A.1."""

    def test_the_published_vector(self):
        from tongban.kernel.ciphers import SM4GCM

        key, nonce = (
            bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
            bytes.fromhex("00001234567800000000ABCD"),
        )
        plain = b"".join(bytes.fromhex(one * 8) for one in ("AA", "BB", "CC", "DD", "EE", "FF", "EE", "AA"))
        beside = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
        sealed = SM4GCM(key).encrypt(nonce, plain, beside)
        assert sealed.hex().upper() == (
            "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
            "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
            "83DE3541E4C2B58177E065A9BF7B62EC"
        )
        assert SM4GCM(key).decrypt(nonce, sealed, beside) == plain

    def test_values_are_written_with_the_cipher_of_the_settings_and_read_with_either(self, settings):
        before = encrypt("张明", purpose="name")
        settings.PERSONAL_CIPHER = "sm4"
        after = encrypt("张明", purpose="name")
        assert after.startswith("v1s:")
        assert decrypt(before, purpose="name") == decrypt(after, purpose="name") == "张明"
        assert rotate(before, purpose="name").startswith("v1s:")
        settings.PERSONAL_CIPHER = "aes"
        assert rotate(after, purpose="name").startswith("v1:")

    def test_a_changed_value_is_refused(self, settings):
        settings.PERSONAL_CIPHER = "sm4"
        token = encrypt("13812345678", purpose="phone")
        for wrong in (
            token[:8] + ("A" if token[8] != "A" else "B") + token[9:],
            "v1:" + token[4:],
            token[:10] + "=",
        ):
            with pytest.raises(PrivacyError):
                decrypt(wrong, purpose="phone")
        with pytest.raises(PrivacyError):
            decrypt(token, purpose="address")
