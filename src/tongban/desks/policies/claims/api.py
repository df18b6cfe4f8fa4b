"""The door of claims: lists of who is due what without applying, quick claims, their payment, and money asked back.

Everything that moves money is done by registers/payments; nothing here waits for a bank.
"""

from tongban.desks.policies.claims.accounts import known as account_of
from tongban.desks.policies.claims.accounts import note as note_account
from tongban.desks.policies.claims.claiming import NewClaim, claim
from tongban.desks.policies.claims.confirming import (
    confirm,
    confirm_by_code,
    correct,
    decline,
    waiting_for,
)
from tongban.desks.policies.claims.contracts import (
    AccountInfo,
    ClaimInfo,
    ClaimsError,
    DueInfo,
    DueState,
    Fact,
    GivenInfo,
    NewAccount,
    ObjectionInfo,
    PublicLine,
    RunInfo,
    UnknownError,
)
from tongban.desks.policies.claims.drawing import draw, draw_due
from tongban.desks.policies.claims.giving import NewGiven, given_to, measure_behind, wish
from tongban.desks.policies.claims.giving import note as note_given
from tongban.desks.policies.claims.paying import bundle_claims, bundle_runs, settle_open
from tongban.desks.policies.claims.recovering import propose as propose_recovery
from tongban.desks.policies.claims.running import object_to
from tongban.desks.policies.claims.selectors import (
    claim_behind,
    due,
    dues_of,
    lines_of,
    objections_of,
    published,
    run_behind,
)
from tongban.desks.policies.claims.telling import tell_due
from tongban.desks.policies.claims.tracing import Trace, recovery_behind, trace

__all__ = [
    "AccountInfo",
    "ClaimInfo",
    "ClaimsError",
    "DueInfo",
    "DueState",
    "Fact",
    "GivenInfo",
    "NewAccount",
    "NewClaim",
    "NewGiven",
    "ObjectionInfo",
    "PublicLine",
    "RunInfo",
    "Trace",
    "UnknownError",
    "account_of",
    "bundle_claims",
    "bundle_runs",
    "claim",
    "claim_behind",
    "confirm",
    "confirm_by_code",
    "correct",
    "decline",
    "draw",
    "draw_due",
    "due",
    "dues_of",
    "given_to",
    "lines_of",
    "measure_behind",
    "note_account",
    "note_given",
    "object_to",
    "objections_of",
    "propose_recovery",
    "published",
    "recovery_behind",
    "run_behind",
    "settle_open",
    "tell_due",
    "trace",
    "waiting_for",
    "wish",
]
