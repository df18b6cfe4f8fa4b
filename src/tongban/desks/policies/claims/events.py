"""What claims announce. Moves of their dockets are announced by the kernel as ``benefit.<move>`` and ``claim.<move>``.

Bodies name the party, the measure and the due's number, never an account.
"""

from typing import Final

BENEFIT_PUBLISHED: Final = "benefit.publish"
BENEFIT_CONCLUDED: Final = "benefit.conclude"
BENEFIT_WITHDRAWN: Final = "benefit.withdraw"

DUE_CONFIRMED: Final = "claims.confirmed"
DUE_PAID: Final = "claims.paid"
DUE_RETURNED: Final = "claims.returned"
GIVEN: Final = "claims.given"
"""A relief or service without payment was enjoyed: ``measure``, ``party``, ``period``."""
PLACE_FREED: Final = "claims.freed"
"""A place of a quota, or money of a budget, came free: ``measure``, ``period``."""
