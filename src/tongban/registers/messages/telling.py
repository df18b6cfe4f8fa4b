"""What identity asks of messages: identity stands below and knows only the shape (`contracts.Messenger`)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from tongban.registers.identity.api import UndeliveredError
from tongban.registers.messages import rules, services
from tongban.registers.messages.channels import channel
from tongban.registers.messages.contracts import ChannelDownError, Letter, UndeliverableError
from tongban.registers.messages.pack import pack


class Postman:
    """Sends codes to phones at once, and words to inboxes."""

    def to_phone(
        self, *, phone: str, template: str, context: Mapping[str, str | int], english: bool, at: datetime
    ) -> None:
        texts = rules.fill(pack().templates[template], context, language="en" if english else "zh")
        letter = Letter(
            reference=f"phone-{secrets.token_hex(8)}", address=phone, text=texts.sms, subject=texts.subject
        )
        try:
            channel("sms").deliver(letter, at=at)
        except (ChannelDownError, UndeliverableError) as error:
            raise UndeliveredError from error

    def to_actor(
        self, *, to: str, template: str, context: Mapping[str, str | int], key: str, at: datetime
    ) -> None:
        services.send(to=to, template=template, context=context, key=key, at=at)
