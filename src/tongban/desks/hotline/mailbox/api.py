"""The door of the mayor's mailbox: consent to publish, and what is published."""

from tongban.desks.hotline.mailbox.contracts import LetterState, LetterView, MailboxRefused, PublishedLetter
from tongban.desks.hotline.mailbox.selectors import letter_of, published, published_letter
from tongban.desks.hotline.mailbox.services import consent, keep, publish, take_back, take_down

__all__ = [
    "LetterState",
    "LetterView",
    "MailboxRefused",
    "PublishedLetter",
    "consent",
    "keep",
    "letter_of",
    "publish",
    "published",
    "published_letter",
    "take_back",
    "take_down",
]
