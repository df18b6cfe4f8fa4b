"""What payments announce. Moves of their dockets are announced by the kernel as ``<kind>.<move>``.

The body of the first four is the docket's own (number, kind, state, subject); `about_of` in `api` tells which docket an
order belongs to.
"""

from typing import Final

FEE_PAID: Final = "fee.pay"
FEE_EXPIRED: Final = "fee.expire"
FEE_CANCELLED: Final = "fee.cancel"
REFUNDED: Final = "refund.done"

ITEMS_ANSWERED: Final = "payments.items"
"""Body: ``source``, ``batch`` (number), ``items``: list of ``{key, state, amount_fen}``, state paid, returned or dropped."""
