"""Citizens register themselves; a register that is down delays, it lets nobody become somebody else."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors.factories import NOON, a_credit_code, a_person, a_resident_id, an_organisation
from tests.registers.identity.factories import PASSWORD, a_citizen, a_signed_officer, an_account, an_app
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.identity import recovering
from tongban.registers.identity.contracts import IdentityError, LockedError
from tongban.registers.identity.factors import recovery
from tongban.registers.identity.models import Account, PhoneCode, RealNameCheck, Totp
from tongban.registers.identity.realname import services as realname
from tongban.registers.identity.realname.contracts import PersonClaim

pytestmark = pytest.mark.django_db
HERE = "tongban.registers.identity.realname.registers"
PHONE = "13871099001"


@pytest.fixture(autouse=True)
def phones(settings, tmp_path):
    """A demo register, and a folder in which the demo phone's messages lie."""
    settings.REAL_NAME_REGISTER = f"{HERE}.DemoRegister"
    settings.DATA = tmp_path
    return tmp_path / "outbox" / "sms"


def received(phones):
    return [
        json.loads(path.read_text("utf-8"))["text"]
        for path in sorted(phones.glob("*.json"), key=lambda one: one.stat().st_mtime_ns)
    ]


def code_in(phones):
    return "".join(char for char in received(phones)[-1].split("，")[0] if char.isdigit())


def register(number=None, name="李小梅", phone=PHONE, client=None):
    client = client or Client()
    told = {"name": name, "number": number or a_resident_id(), "phone": phone, "password": PASSWORD}
    return client, client.post("/register", told)


class TestRegistering:
    def test_name_number_and_phone_open_an_account_at_once(self, phones):
        number = a_resident_id()
        client, answer = register(number)
        assert answer["Location"] == "/register/code"
        assert client.post("/register/code", {"code": "000000"}).status_code == 422
        done = client.post("/register/code", {"code": code_in(phones)})
        assert done["Location"] == "/"
        account = Account.objects.get()
        assert actors.find_person(number) == account.actor_id
        assert client.get("/my").status_code == 200
        assert number not in account.username
        again = Client().post("/signin", {"username": number, "password": PASSWORD})
        assert again["Location"] == "/"

    def test_between_the_pages_the_number_lies_encrypted_and_in_no_address(self, phones):
        number = a_resident_id()
        client, answer = register(number)
        assert number not in json.dumps(dict(client.session.items()))
        assert number not in client.get(answer["Location"]).content.decode()
        assert PHONE not in client.get(answer["Location"]).content.decode()

    def test_a_wrong_number_is_told_at_its_field(self):
        _client, answer = register("422301198803163150")
        assert answer.status_code == 422
        assert "校验位不对" in answer.content.decode()

    def test_who_is_known_needs_the_known_name_and_phone(self, phones):
        known = a_person("张小明", phone="13871010007")
        number = actors.party_facts(str(known)).number
        for name, phone, words in (("张大明", "13871010007", "对不上"), ("张小明", PHONE, "手机号")):
            client, _answer = register(number, name, phone)
            refused = client.post("/register/code", {"code": code_in(phones)})
            assert words in refused.content.decode()
        assert not Account.objects.exists()

    def test_nobody_opens_a_second_account(self, phones):
        account = a_citizen()
        facts = actors.party_facts(account.actor_id)
        client, _answer = register(facts.number, facts.name, facts.phone)
        refused = client.post("/register/code", {"code": code_in(phones)})
        assert "已经有账号" in refused.content.decode()

    def test_codes_are_counted_and_only_their_digest_is_kept(self, phones):
        client, _answer = register()
        code = code_in(phones)
        assert code not in " ".join(PhoneCode.objects.values_list("digest", flat=True))
        assert "等1分钟" in register(client=client)[1].content.decode()
        for _each in range(5):
            client.post("/register/code", {"code": "000000"})
        assert client.post("/register/code", {"code": code}).status_code == 422

    def test_a_phone_channel_that_is_down_is_told_and_nothing_is_lost(self, settings):
        settings.MESSAGE_CHANNELS = {"sms": "tongban.registers.messages.channels.FailingDemo"}
        _client, answer = register(name="李小梅")
        page = answer.content.decode()
        assert "发不出去" in page
        assert "李小梅" in page


class TestRegisterDown:
    @pytest.fixture(autouse=True)
    def down(self, settings, phones):
        settings.REAL_NAME_REGISTER = f"{HERE}.FailingDemo"

    def waiting(self, phones, **who):
        client, _answer = register(**who)
        done = client.post("/register/code", {"code": code_in(phones)})
        assert done["Location"] == "/profile/real-name"
        return client, Account.objects.get()

    def test_one_can_register_and_is_nobody_until_it_answers(self, phones, settings):
        known = a_person("张小明", phone=PHONE)
        number = actors.party_facts(str(known)).number
        client, account = self.waiting(phones, number=number, name="张小明")
        assert account.actor_id == ""
        assert "排着队" in client.get("/profile/real-name").content.decode()
        assert client.get("/my")["Location"] == "/profile/real-name"
        later = timezone.now() + timedelta(minutes=2)
        assert realname.check_waiting(at=later) == 0
        settings.REAL_NAME_REGISTER = f"{HERE}.DemoRegister"
        assert realname.check_waiting(at=later) == 0  # it waits longer after each refusal
        assert realname.check_waiting(at=later + timedelta(minutes=5)) == 1
        account.refresh_from_db()
        assert account.actor_id == str(known)
        assert client.get("/my").status_code == 200
        assert "实名核验通过" in received(phones)[-1] + received(phones)[0]
        assert RealNameCheck.objects.get().body == ""

    def test_a_wrong_name_is_told_and_can_be_corrected(self, phones, settings):
        known = a_person("张小明", phone=PHONE)
        number = actors.party_facts(str(known)).number
        client, account = self.waiting(phones, number=number, name="张大明")
        settings.REAL_NAME_REGISTER = f"{HERE}.DemoRegister"
        realname.check_waiting(at=timezone.now() + timedelta(minutes=2))
        assert "对不上" in client.get("/profile/real-name").content.decode()
        client.post("/profile/real-name", {"name": "张小明", "number": number})
        account.refresh_from_db()
        assert account.actor_id == str(known)

    def test_correcting_does_not_take_over_somebody_with_another_phone(self, phones, settings):
        victim = a_person("王五", phone="13871010007")
        number = actors.party_facts(str(victim)).number
        client, account = self.waiting(phones, number=number, name="错的")
        settings.REAL_NAME_REGISTER = f"{HERE}.DemoRegister"
        realname.check_waiting(at=timezone.now() + timedelta(minutes=2))
        told = {"name": "王五", "number": number, "phone": "13871010007"}
        assert client.post("/profile/real-name", told).status_code == 422
        account.refresh_from_db()
        assert account.actor_id == ""

    def test_a_plugins_own_mistake_counts_as_away(self, phones, settings, monkeypatch):
        def broken(self, claim):
            raise RuntimeError("李小梅")

        monkeypatch.setattr(f"{HERE}.FailingDemo.check_person", broken)
        _client, account = self.waiting(phones)
        assert account.actor_id == ""

    def test_without_any_register_everybody_waits(self, phones, settings):
        settings.REAL_NAME_REGISTER, settings.DEMO = "", False
        _client, account = self.waiting(phones)
        assert account.actor_id == ""


class TestCompanies:
    def test_a_legal_representative_brings_a_new_company_in(self):
        account = a_citizen()
        client = Client()
        client.force_login(account)
        code = a_credit_code()
        answer = client.post("/profile/company", {"name": "咸宁新店有限公司", "code": code})
        assert answer["Location"] == "/identity/act-for"
        assert "咸宁新店有限公司" in client.get("/identity/act-for").content.decode()

    def test_nobody_takes_a_company_that_somebody_else_leads(self):
        company = an_organisation(led_by=a_person())
        facts = actors.party_facts(str(company))
        with pytest.raises(IdentityError, match="法定代表人不是您"):
            realname.register_organisation(account=a_citizen(), name=facts.name, code=facts.number, at=NOON)

    def test_a_register_that_is_down_queues_it(self, settings):
        settings.REAL_NAME_REGISTER = f"{HERE}.FailingDemo"
        account, code = a_citizen(), a_credit_code()
        check = realname.register_organisation(account=account, name="新公司", code=code, at=NOON)
        assert (check.state, actors.find_organisation(code)) == ("waiting", None)
        settings.REAL_NAME_REGISTER = f"{HERE}.DemoRegister"
        assert realname.check_waiting(at=NOON + timedelta(minutes=2)) == 1
        assert actors.find_organisation(code)


class TestGettingBackIn:
    def recovers(self, phones, account, **told):
        facts = actors.party_facts(account.actor_id)
        client = Client()
        client.post("/recover", {"name": facts.name, "number": facts.number, "phone": facts.phone})
        given = {"code": code_in(phones), "password": "another-long-word-9", **told}
        return client.post("/recover/code", given)

    def test_a_citizen_by_name_number_and_phone(self, phones):
        account = a_citizen()
        an_app(account)
        there = Client()
        there.force_login(account)
        assert self.recovers(phones, account)["Location"] == "/signin"
        assert there.get("/profile")["Location"].startswith("/signin")
        answer = Client().post("/signin", {"username": "zhang", "password": "another-long-word-9"})
        assert answer["Location"] == "/signin/second"  # the second factor stays unless it was lost too
        acts = [one.act for one in kernel.history(f"account:{account.pk}", at=timezone.now())]
        assert "recovered" in acts

    def test_a_lost_second_factor_goes_on_request(self, phones):
        account = a_citizen()
        an_app(account)
        self.recovers(phones, account, without_factors="on")
        assert not Totp.objects.exists()

    def test_nobody_learns_who_has_an_account(self, phones):
        client = Client()
        told = {"name": "没有人", "number": a_resident_id(), "phone": PHONE}
        answer = client.post("/recover", told)
        assert answer["Location"] == "/recover/code"
        assert not phones.exists()
        assert (
            client.post("/recover/code", {"code": "123456", "password": "another-9-word"}).status_code == 422
        )

    def test_an_address_that_asks_for_everybody_is_held_back(self, phones):
        asks = {"name": "x", "phone": PHONE, "english": False, "address": "10.9.9.9", "at": NOON}
        for _each in range(20):
            recovering.begin(number=a_resident_id(), **asks)
        with pytest.raises(LockedError):
            recovering.begin(number=a_resident_id(), **asks)

    def test_an_officer_by_the_admin_of_the_unit(self):
        admin = a_signed_officer("admin", username="boss")
        officer = a_signed_officer("handler", username="lost")
        an_app(officer)
        elsewhere = a_signed_officer("handler", username="far", unit="421202-cgj")
        client = Client()
        client.force_login(admin)
        page = client.post("/identity/officers", {"account": officer.pk}).content.decode()
        code = page.split('readonly value="')[1].split('"')[0]
        assert client.post("/identity/officers", {"account": elsewhere.pk}).status_code == 422
        assert client.post("/identity/officers", {"account": admin.pk}).status_code == 422
        given = {"username": "lost", "code": code, "password": "another-long-word-9"}
        assert Client().post("/recover/officer", {**given, "username": "far"}).status_code == 422
        assert Client().post("/recover/officer", given)["Location"] == "/signin"
        assert Client().post("/recover/officer", given).status_code == 422
        answer = Client().post("/signin", {"username": "lost", "password": "another-long-word-9"})
        assert answer["Location"] == "/profile/security"
        stream = kernel.history(f"account:{officer.pk}", at=timezone.now())
        assert next(one for one in stream if one.act == "reset-handed").actor == admin.actor_id

    def test_a_handed_code_ends_after_a_day(self):
        officer = a_signed_officer("handler")
        code = recovery.hand_reset(account=officer, by=kernel.SYSTEM, at=NOON)
        later = NOON + timedelta(hours=25)
        assert recovery.use_handed_reset(username="scjg", code=code, at=later) is None

    def test_an_officer_cannot_recover_by_phone(self, phones):
        person = a_person(phone=PHONE)
        an_account("odd", acts_as=person, kind="officer")
        facts = actors.party_facts(str(person))
        assert not recovering.begin(
            name=facts.name, number=facts.number, phone=PHONE, english=False, address="1", at=NOON
        )
        assert not phones.exists()


def test_nothing_personal_is_in_the_ledger_of_an_account(phones, settings):
    number = a_resident_id()
    claim = PersonClaim("李小梅", number, PHONE)
    check = realname.register_citizen(claim=claim, password=PASSWORD, language="", at=NOON)
    written = repr(kernel.history(f"account:{check.account_id}", at=NOON))
    assert number not in written
    assert "李小梅" not in written
    assert number not in repr(claim)
