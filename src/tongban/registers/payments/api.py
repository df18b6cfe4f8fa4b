"""The door of payments. A desk asks for a fee, prepares a batch, and hears of both by `events`.

Everything that moves money is done by jobs, once, whenever it is repeated or killed; nothing here waits for a bank.
"""

from tongban.registers.payments.collecting import ask_fee, ask_open, cancel, checkout, take_in
from tongban.registers.payments.contracts import (
    BatchInfo,
    Budget,
    BudgetAsk,
    FeeInfo,
    Gap,
    GapInfo,
    ItemInfo,
    ItemState,
    NewBatch,
    NewFee,
    NewItem,
    PaymentsError,
    ReceiptInfo,
    RefundInfo,
    UnknownError,
)
from tongban.registers.payments.paying_out import (
    amend,
    ask_unanswered,
    prepare,
    register_budget,
    returned,
    send_due,
)
from tongban.registers.payments.receipts import of_order as receipts_of
from tongban.registers.payments.receipts import verify as verify_receipt
from tongban.registers.payments.reconciling import reconcile
from tongban.registers.payments.refunds import ask_refund
from tongban.registers.payments.rules import mask_account
from tongban.registers.payments.selectors import (
    batch,
    batch_behind,
    fee,
    fee_behind,
    fees_about,
    fees_of,
    gap_behind,
    item,
    items_of,
    received_by,
    refund_behind,
)

__all__ = [
    "BatchInfo",
    "Budget",
    "BudgetAsk",
    "FeeInfo",
    "Gap",
    "GapInfo",
    "ItemInfo",
    "ItemState",
    "NewBatch",
    "NewFee",
    "NewItem",
    "PaymentsError",
    "ReceiptInfo",
    "RefundInfo",
    "UnknownError",
    "amend",
    "ask_fee",
    "ask_open",
    "ask_refund",
    "ask_unanswered",
    "batch",
    "batch_behind",
    "cancel",
    "checkout",
    "fee",
    "fee_behind",
    "fees_about",
    "fees_of",
    "gap_behind",
    "item",
    "items_of",
    "mask_account",
    "prepare",
    "receipts_of",
    "received_by",
    "reconcile",
    "refund_behind",
    "register_budget",
    "returned",
    "send_due",
    "take_in",
    "verify_receipt",
]
