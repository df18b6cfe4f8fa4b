"""The people of a small town's hotline, each signed in at a browser of their own, on a server that is really there."""

from __future__ import annotations

from types import SimpleNamespace

from django.test import Client
from playwright.sync_api import expect

from tests.desks.hotline import town as place
from tests.registers.identity.factories import an_account
from tests.stories.people import Company, Officer
from tongban.actors.models import Appointment
from tongban.actors.models import Officer as OfficerRow


class Desk(Officer):
    """Somebody of the hotline or of a unit: moves by their buttons, forms by their fields."""

    def turns_up(self) -> None:
        """A session as signing in leaves it; how one signs in has its own stories."""
        client = Client()
        client.force_login(an_account(self.name, acts_as=self.actor, kind="officer"))
        cookie = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.company.town.url}])

    @property
    def actor(self) -> str:
        return f"officer:{OfficerRow.objects.get(staff_number=self.name).pk}"

    def sends(self, **given):
        """Fill in the open form, choose where it offers, and send it."""
        for name, value in given.items():
            field = self.page.locator(f'#move-form [name="{name}"]')
            kind = field.first.evaluate("(e) => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "select":
                field.select_option(value)
            elif kind in {"radio", "checkbox"}:
                for each in [value] if isinstance(value, str) else value:
                    self.page.locator(f'#move-form [name="{name}"][value="{each}"]').check()
            else:
                field.fill(value)
        super().sends()

    def answers(self, reply: str, **given: str) -> None:
        """The box for the caller's answer, beside the one for notes."""
        box = self.page.locator(".tb-box--reply")
        box.locator("[name=reply]").fill(reply)
        for name, value in given.items():
            box.locator(f'[name="{name}"][value="{value}"]').check()
        with self.page.expect_navigation():
            box.locator(".tb-actions button").click()
        if self.page.locator("input[name=confirmed]").count():
            with self.page.expect_navigation():
                self.page.locator("main button[data-primary]").click()

    def takes_up(self, number: str) -> None:
        self.opens(f"/work/{number}")

    def expects(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)


class Hotline(Company):
    """Everybody of the story."""

    def __init__(self, browser, url, folder):
        super().__init__(browser, SimpleNamespace(url=url, folder=folder), folder)
        self._desks = {}

    def __getitem__(self, name: str) -> Desk:
        if name not in self._desks:
            self._desks[name] = Desk(self, name)
            self._desks[name].turns_up()
        return self._desks[name]


def build():
    """The town of the hotline's own tests, with a leader."""
    place.build()
    leader = OfficerRow.objects.create(name="leader", unit_id=place.CENTRE, staff_number="leader")
    Appointment.objects.create(officer=leader, unit_id=place.CENTRE, role="leader", from_date="2020-01-01")
    place.actors.forget()
