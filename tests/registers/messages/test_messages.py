"""Messages: said once, in both languages, encrypted, delivered in spite of a failing provider."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from tests.actors.factories import NOON, a_person, an_organisation
from tests.registers.identity.factories import an_account
from tongban.kernel.jobs.health import health
from tongban.registers.messages import api, rules, services
from tongban.registers.messages.channels import DemoPhone
from tongban.registers.messages.contracts import ChannelDownError, DeliveryState, UndeliverableError
from tongban.registers.messages.models import Delivery, Message
from tongban.registers.messages.pack import pack, read

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHANNELS = "tongban.registers.messages.channels"
WORDS = {"title": "我要开饭店", "number": "S2026-1", "due": date(2026, 12, 1)}


def tell(to, *, key="k1", template="application.received", context=WORDS, at=NOON, **more):
    return api.send(to=str(to), template=template, context=context, docket="S2026-1", at=at, key=key, **more)


class Moody(DemoPhone):
    """Counts what it sends; refuses while `mood` says so."""

    mood: Exception | None = None
    sent: list[str] = []
    asked = 0

    def deliver(self, letter, *, at):
        Moody.asked += 1
        if Moody.mood:
            raise Moody.mood
        Moody.sent.append(letter.reference)
        return super().deliver(letter, at=at)


@pytest.fixture
def phone(settings, tmp_path):
    settings.DATA = tmp_path
    settings.MESSAGE_CHANNELS = {"sms": f"{__name__}.Moody"}
    Moody.mood, Moody.sent, Moody.asked = None, [], 0
    return Moody


@pytest.mark.django_db
class TestSending:
    def test_a_message_is_in_the_inbox_at_once_in_both_languages(self, client):
        person = a_person()
        account = an_account("zhang", acts_as=person)
        tell(person)
        client.force_login(account)
        assert "申请已收到：我要开饭店" in client.get("/inbox").content.decode()
        client.cookies["django_language"] = "en"
        assert "We have your application: 我要开饭店" in client.get("/inbox").content.decode()

    def test_the_same_key_says_it_once(self, phone):
        person = a_person()
        first = tell(person)
        assert tell(person) == first
        assert tell(person, key="k2") != first
        services.deliver_due(at=NOON)
        assert len(phone.sent) == 2

    def test_what_is_rolled_back_was_never_sent(self):
        person = a_person()

        def caller_fails():
            with transaction.atomic():
                tell(person)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            caller_fails()
        assert not Message.objects.exists()

    def test_a_word_without_a_value_is_refused_by_name(self):
        with pytest.raises(api.MessagesError, match=r"application\.received: due"):
            tell(a_person(), context={"title": "", "number": ""})
        with pytest.raises(api.MessagesError, match="no-such"):
            tell(a_person(), template="no-such")
        with pytest.raises(api.MessagesError, match="pigeon"):
            tell(a_person(), channels=["pigeon"])

    def test_what_it_says_lies_encrypted(self):
        tell(a_person(), context={**WORDS, "title": "张小明的店"})
        with connection.cursor() as cursor:
            cursor.execute("SELECT subject, body, sms, subject_en, body_en FROM messaging_message")
            assert "张小明" not in " ".join(cursor.fetchone())

    def test_a_demo_phone_shows_a_masked_number(self, settings, tmp_path):
        settings.DATA = tmp_path
        tell(a_person())
        services.deliver_due(at=NOON)
        (file,) = (tmp_path / "outbox" / "sms").iterdir()
        shown = json.loads(file.read_text())
        assert shown["to"] == "138****0007"
        assert shown["text"] == "您的申请已收到，编号S2026-1，最晚2026年12月1日前办好。"

    def test_a_company_without_mobile_is_told_over_its_representative(self, phone):
        tell(an_organisation(led_by=a_person()))
        assert services.deliver_due(at=NOON) == 1


@pytest.mark.django_db
class TestFailingChannel:
    def test_refused_then_recovered_without_loss_or_duplicates(self, phone):
        phone.mood = ChannelDownError()
        people = [a_person() for _each in range(3)]
        for person in people:
            tell(person)
        assert services.deliver_due(at=NOON) == 0
        assert phone.asked == 1  # one question per run, not one per message
        assert services.deliver_due(at=NOON + timedelta(seconds=30)) == 0
        assert phone.asked == 1
        trouble = health(at=NOON).troubles["messages"]
        assert trouble[0].startswith("sms: 3 waiting")
        phone.mood = None
        later = NOON + timedelta(minutes=2)
        assert services.deliver_due(at=later) == 3
        assert services.deliver_due(at=later + timedelta(days=1)) == 0
        assert len(phone.sent) == len(set(phone.sent)) == 3
        assert "messages" not in health(at=later).troubles
        receipts = set(Delivery.objects.filter(channel="sms").values_list("receipt", flat=True))
        assert len(receipts) == 3

    def test_the_failing_demo_is_tried_later_and_later_and_then_given_up(self, settings):
        settings.MESSAGE_CHANNELS = {"sms": f"{CHANNELS}.FailingDemo"}
        tell(a_person())
        row = Delivery.objects.get(channel="sms")
        gaps, at = [], NOON
        while row.state == DeliveryState.WAITING:
            services.deliver_due(at=at)
            row.refresh_from_db()
            if row.due_at:
                gaps.append((row.due_at - at).total_seconds())
                at = row.due_at
        assert gaps[:4] == [60, 120, 240, 480]
        assert (row.attempts, row.state) == (pack().retry.attempts, DeliveryState.FAILED)
        assert "1 given up" in health(at=at).troubles["messages"][0]

    def test_the_inbox_does_not_wait_for_the_phone(self, phone):
        phone.mood = ChannelDownError()
        person = a_person()
        tell(person)
        services.deliver_due(at=NOON)
        assert api.unread(recipients=[str(person)]) == 1

    def test_a_plugins_own_mistake_is_tried_again_and_stops_no_other(self, phone):
        phone.mood = ZeroDivisionError()
        tell(a_person())
        assert services.deliver_due(at=NOON) == 0
        phone.mood = None
        assert services.deliver_due(at=NOON + timedelta(minutes=1)) == 1

    def test_an_address_that_takes_nothing_is_not_tried_again(self, phone):
        phone.mood = UndeliverableError()
        tell(a_person(phone=""))
        services.deliver_due(at=NOON)
        phone.mood = None
        assert services.deliver_due(at=NOON + timedelta(days=1)) == 0
        assert "messages" not in health(at=NOON).troubles

    def test_one_channel_down_does_not_hold_up_another(self, phone):
        phone.mood = ChannelDownError()
        person = a_person()
        api.set_consent(actor_id=str(person), channel="email", wanted=True, at=NOON)
        tell(person, channels=["sms", "email"])
        services.deliver_due(at=NOON)
        states = dict(Delivery.objects.values_list("channel", "state"))
        assert states["sms"] == DeliveryState.WAITING
        assert states["email"] != DeliveryState.WAITING


@pytest.mark.django_db
class TestConsentAndQuiet:
    def test_who_declined_gets_no_sms_and_still_the_inbox(self, phone):
        person = a_person()
        api.set_consent(actor_id=str(person), channel="sms", wanted=False, at=NOON)
        tell(person)
        assert services.deliver_due(at=NOON) == 0
        assert api.unread(recipients=[str(person)]) == 1

    def test_email_waits_to_be_asked_for(self):
        tell(a_person(), channels=["email"])
        assert Delivery.objects.get(channel="email").state == DeliveryState.DECLINED

    def test_an_evening_sms_goes_out_in_the_morning(self, phone):
        late = datetime(2026, 11, 20, 22, 0, tzinfo=SHANGHAI)
        tell(a_person(), at=late)
        assert services.deliver_due(at=late + timedelta(hours=9)) == 0
        assert services.deliver_due(at=datetime(2026, 11, 21, 8, 0, tzinfo=SHANGHAI)) == 1

    def test_the_page_keeps_the_choice(self, client):
        person = a_person()
        client.force_login(an_account("zhang", acts_as=person))
        assert "21:30 到次日 08:00" in client.get("/inbox/settings").content.decode()
        client.post("/inbox/settings", {})
        assert api.consents(str(person)) == {"sms": False, "email": False}


@pytest.mark.django_db
class TestService:
    def test_arrival_in_the_system_is_service(self):
        person = a_person()
        context = {**WORDS, "unit": "市场监管局"}
        tell(person, template="case.accepted", context=context)
        assert api.served(docket="S2026-1", template="case.accepted") == NOON

    def test_a_mere_notice_is_never_served(self):
        tell(a_person())
        assert api.served(docket="S2026-1", template="application.received") is None

    def test_read_or_seven_days(self):
        rule = rules.ServiceRule(on="read_or_days", days=7, source="")
        end = datetime(2026, 11, 28, tzinfo=SHANGHAI)
        read_at = NOON + timedelta(days=1)
        assert rules.served_at(rule, delivered_at=NOON, read_at=None) is None
        assert rules.served_at(rule, delivered_at=NOON, read_at=read_at) == read_at
        assert rules.served_at(rule, delivered_at=NOON, read_at=end + timedelta(days=1)) == end
        assert rules.deemed_at(rule, NOON) == end

    def test_what_lies_unread_is_served_by_the_job_and_reading_later_changes_nothing(self):
        person = a_person()
        number = tell(person)
        deemed = NOON + timedelta(days=7, hours=12)
        Message.objects.update(service="read-or-seven-days", serve_due_at=deemed)
        assert services.serve_unread(at=deemed - timedelta(seconds=1)) == 0
        assert services.serve_unread(at=deemed) == 1
        services.open_message(message_id=number, recipients=[str(person)], at=deemed + timedelta(days=1))
        assert Message.objects.get().served_at == deemed


@pytest.mark.django_db
class TestInbox:
    def test_opening_is_reading_and_the_first_time_counts(self, client):
        person = a_person()
        client.force_login(an_account("zhang", acts_as=person))
        number = tell(person)
        assert "未读" in client.get("/inbox").content.decode()
        assert "编号 S2026-1" in client.get(f"/inbox/{number}").content.decode()
        first = Message.objects.get().read_at
        client.get(f"/inbox/{number}")
        assert Message.objects.get().read_at == first
        assert "未读" not in client.get("/inbox").content.decode()

    def test_nobody_reads_anothers(self, client):
        number = tell(a_person())
        client.force_login(an_account("other", acts_as=a_person()))
        assert client.get(f"/inbox/{number}").status_code == 404
        assert Message.objects.get().read_at is None

    def test_a_representative_reads_the_companys(self, client):
        owner = a_person()
        number = tell(an_organisation(led_by=owner))
        client.force_login(an_account("xing", acts_as=owner))
        assert client.get(f"/inbox/{number}").status_code == 200

    def test_a_long_inbox_goes_on_without_repeating(self, client):
        person = a_person()
        for number in range(60):
            tell(person, key=f"k{number}", context={**WORDS, "title": f"第{number}件"}, channels=[])
        client.force_login(an_account("zhang", acts_as=person))
        first = client.get("/inbox")
        after = first.context["page"].next
        second = client.get(f"/inbox?after={after}").content.decode()
        assert "第59件" in first.content.decode()
        assert "第10件" in first.content.decode()
        assert "第9件" in second
        assert "第10件" not in second


class TestPack:
    def test_every_template_has_both_languages_with_the_same_words(self):
        assert len(pack().templates) >= 12
        for rule in pack().service.values():
            assert rule.source

    def test_a_template_whose_languages_differ_is_refused(self, tmp_path):
        (tmp_path / "rules.yaml").write_text(
            "channels: {inbox: {consent: none}}\nretry: {first: 1, longest: 1, attempts: 1}\nservice: {}\n"
        )
        (tmp_path / "one.yaml").write_text(
            "- {key: a, channels: [inbox], subject: {zh: x, en: x}, body: {zh: '{due}', en: none}}\n"
        )
        with pytest.raises(api.MessagesError, match="a: body"):
            read(tmp_path)

    def test_a_value_reads_as_the_language_expects(self):
        assert rules.shown(date(2026, 12, 1), language="zh") == "2026年12月1日"
        assert rules.shown(date(2026, 12, 1), language="en") == "1 December 2026"
        assert rules.shown({"zh": "市监局", "en": "Market Bureau"}, language="en") == "Market Bureau"
        assert rules.shown(NOON, language="zh") == "2026年11月20日 12:00"

    def test_quiet_hours_that_do_not_pass_midnight(self):
        from datetime import time

        noon_rest = rules.Quiet(time(12), time(14))
        assert rules.after_quiet(noon_rest, NOON) == NOON.replace(hour=14)
        assert rules.after_quiet(noon_rest, NOON.replace(hour=15)) == NOON.replace(hour=15)
        over_night = rules.Quiet(time(21, 30), time(8))
        early = NOON.replace(hour=3)
        assert rules.after_quiet(over_night, early) == NOON.replace(hour=8)
