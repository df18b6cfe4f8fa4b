"""The door of messages: send, look into the inbox, ask when something was served."""

from tongban.registers.messages.contracts import InboxLetter, InboxRow, MessagesError
from tongban.registers.messages.selectors import consents, inbox, recipients_of, served, unread
from tongban.registers.messages.services import send, set_consent

__all__ = [
    "InboxLetter",
    "InboxRow",
    "MessagesError",
    "consents",
    "inbox",
    "recipients_of",
    "send",
    "served",
    "set_consent",
    "unread",
]
