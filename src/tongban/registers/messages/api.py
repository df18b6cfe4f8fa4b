"""The door of messages: send, look into the inbox, ask when something was served."""

from tongban.registers.messages.contracts import InboxLetter, InboxRow, MessagesError, Outgoing
from tongban.registers.messages.selectors import consents, inbox, recipients_of, served, unread
from tongban.registers.messages.services import send, send_many, set_consent

__all__ = [
    "InboxLetter",
    "InboxRow",
    "MessagesError",
    "Outgoing",
    "consents",
    "inbox",
    "recipients_of",
    "send",
    "send_many",
    "served",
    "set_consent",
    "unread",
]
