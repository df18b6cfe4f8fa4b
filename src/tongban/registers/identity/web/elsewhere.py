"""Sign-ins that another context vouches for, such as a code from the own phone typed at a kiosk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tongban.registers.identity.contracts import AccountKind
from tongban.registers.identity.models import Account
from tongban.registers.identity.web import proof


def enter_vouched(
    request: HttpRequest, *, account: int, how: str, onward: str, party: str = ""
) -> HttpResponse | None:
    """Open a session for a person's or company's account; None when there is no such account, or it is an officer's.

    What asks to show anew who one is (`proof_required`) stays closed: nobody typed a password here.
    """
    from tongban.registers.identity.web.entering import enter

    found = Account.objects.filter(pk=account, is_active=True, is_staff=False).first()
    if found is None or found.kind in {AccountKind.OFFICER, AccountKind.ADMIN}:
        return None
    response = enter(request, found, how=how, strong=False, onward=onward, party=party)
    request.session.pop(proof.PROVED, None)
    return response
