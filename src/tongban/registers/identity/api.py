"""The door of identity: who is at the other end, what a page demands, demo data.

Django's own names: settings name `identity.Account` and `middleware.CurrentActor`; REST doors take
`rest_auth.signed_in`.
"""

from tongban.registers.identity.access import (
    access_of,
    account_required,
    citizen_required,
    forbidden,
    officer_required,
    open_to_all,
    refusal,
    signed_in_required,
    to_sign_in,
)
from tongban.registers.identity.closing import erase_account
from tongban.registers.identity.contracts import (
    ANONYMOUS,
    Access,
    AccountKind,
    ActorRequest,
    IdentityError,
    LockedError,
    UndeliveredError,
    demo_began,
    demo_steps,
    register_demo_loader,
    register_messenger,
)
from tongban.registers.identity.guessing import guessed_too_often, note_wrong_guess
from tongban.registers.identity.hats import is_helping
from tongban.registers.identity.middleware import draft_owner, lost_party, party_of
from tongban.registers.identity.selectors import (
    account_of_actor,
    actor_of_account,
    demo_accounts,
    parties_open_to,
)
from tongban.registers.identity.services import issue_token, load_accounts
from tongban.registers.identity.web.elsewhere import enter_vouched
from tongban.registers.identity.web.hats import begin_helping
from tongban.registers.identity.web.proof import proof_required

__all__ = [
    "ANONYMOUS",
    "Access",
    "AccountKind",
    "ActorRequest",
    "IdentityError",
    "LockedError",
    "UndeliveredError",
    "access_of",
    "account_of_actor",
    "account_required",
    "actor_of_account",
    "begin_helping",
    "citizen_required",
    "demo_accounts",
    "demo_began",
    "demo_steps",
    "draft_owner",
    "enter_vouched",
    "erase_account",
    "forbidden",
    "guessed_too_often",
    "is_helping",
    "issue_token",
    "load_accounts",
    "lost_party",
    "note_wrong_guess",
    "officer_required",
    "open_to_all",
    "parties_open_to",
    "party_of",
    "proof_required",
    "refusal",
    "register_demo_loader",
    "register_messenger",
    "signed_in_required",
    "to_sign_in",
]
