"""Sessions are Django's, kept in its table, and written in the queue of all writers."""

import threading
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from tongban.kernel import store

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


@pytest.mark.django_db
def test_what_was_put_in_is_there_until_it_ends():
    made = SessionStore()
    made["a"] = "甲"
    made.save()
    assert SessionStore(made.session_key)["a"] == "甲"
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    ended = SessionStore(made.session_key)
    assert ended.get("a") is None
    assert ended.session_key is None
    assert SessionStore("nobody-has-this-key-at-all").get("a") is None


@pytest.mark.django_db
def test_a_session_that_was_ended_meanwhile_is_not_made_again():
    made = SessionStore()
    made["a"] = 1
    made.save()
    again = SessionStore(made.session_key)
    again["a"] = 2
    again.save()
    assert SessionStore(made.session_key)["a"] == 2
    SessionStore(made.session_key).delete()
    with pytest.raises(UpdateError):
        again.save()
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one writer")
def test_a_session_waits_for_its_turn_to_be_written():
    made, saved = SessionStore(), threading.Event()

    def save():
        made["a"] = 1
        made.save()
        connection.close()
        saved.set()

    with store.writing():
        thread = threading.Thread(target=save)
        thread.start()
        assert not saved.wait(0.05)
    assert saved.wait(10)
    thread.join()
    assert SessionStore(made.session_key)["a"] == 1
