"""Electronic fiscal receipts 财政电子票据: numbered when money is booked, sealed by the collecting unit, verified by anyone.

财政票据管理办法 (财政部令第70号, 第104号修改) makes a receipt the proof that something was taken; 财综〔2018〕62号 makes the
electronic one its equal: eight digits of code, ten of number, a check code. What was given back is proven by a red one.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any, Final

import segno
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.files import selectors as files
from tongban.kernel.files.errors import FileGoneError, UploadError
from tongban.kernel.files.services import store
from tongban.kernel.pdf import render_for_seal
from tongban.kernel.privacy import derive_key
from tongban.registers.payments import rules
from tongban.registers.payments.contracts import PaymentsError, ReceiptInfo, UnknownError
from tongban.registers.payments.models import Order, Receipt, Refund
from tongban.registers.seals import api as seals

NUMBER: Final = 10
_TYPED = re.compile(r"\d{8}")


def issue(order: Order, *, amount_fen: int, at: datetime, refund: Refund | None = None) -> Receipt:
    """Number a receipt, in the caller's transaction; its file is made afterwards."""
    code = rules.receipt_code(order.region, actors.day_of(at).year)
    number = f"{kernel.take_serials(f'receipt:{code}', 1):0{NUMBER}d}"
    first = Receipt.objects.filter(order=order, cancels=None).first() if refund else None
    return Receipt.objects.create(
        code=code, number=number, check_code=rules.check_code(_secret(), code, number, amount_fen, order.number),
        order=order, refund=refund, cancels=first, payer_name=actors.party_name(order.payer), amount_fen=amount_fen,
        at=at,
    )  # fmt: skip


def _secret() -> str:
    return derive_key(settings.MASTER_KEY, "payments/receipts").hex()


def info(row: Receipt) -> ReceiptInfo:
    """A receipt as it crosses the door."""
    first = row.cancels
    return ReceiptInfo(
        code=row.code, number=row.number, check=row.check_code, fee=row.order.number, unit=row.order.unit,
        unit_name=actors.unit_name(unit_id=row.order.unit), payer_name=row.payer_name, what=row.order.what,
        amount_fen=row.amount_fen, at=row.at, cancels=f"{first.code} {first.number}" if first else "",
        returned_fen=row.order.refunded_fen if first is None else 0,
    )  # fmt: skip


def of_order(number: str) -> list[ReceiptInfo]:
    """The receipts of an order, oldest first."""
    rows = Receipt.objects.filter(order__number=number).select_related("order", "cancels").order_by("pk")
    return [info(row) for row in rows]


def paper(*, fee: str, number: str, at: datetime) -> bytes:
    """The sealed PDF of a receipt; made when it is not there yet.

    :raises UnknownError: no such receipt of this order
    :raises PaymentsError: it cannot be sealed now
    """
    rows = Receipt.objects.select_related("order", "cancels")
    row = rows.filter(order__number=fee, number=number).first()
    if row is None:
        raise UnknownError(_("没有这张电子票据。"))
    try:
        return files.content(row.digest or make(row, at=at))
    except FileGoneError as error:
        raise PaymentsError(
            _("票据文件暂时取不出来。"), possible=_("请稍后再试；票据可以凭代码、号码和校验码查验。")
        ) from error


def make(row: Receipt, *, at: datetime) -> str:
    """Set, seal and keep the file; two at once keep the first. Outside of a write transaction.

    :raises PaymentsError: the seal or the storage is away
    """
    try:
        sheet, place = render_for_seal("fiscal_receipt", _sheet(row), at=row.at)
        sealed = seals.seal_pdf(
            sheet, unit=row.order.unit, reason="开具财政电子票据", at=at, place=seals.Place(*place)
        )
        kept = store(content=sealed, name=f"{row.code}-{row.number}.pdf", at=at)
    except (seals.SealsError, UploadError, OSError) as error:
        raise PaymentsError(
            _("电子印章暂时用不了，票据文件还没做好。"), possible=_("钱已经收到，票据稍后可以下载。")
        ) from error
    with kernel.writing():
        if not Receipt.objects.filter(pk=row.pk, digest="").update(digest=kept.digest):
            return Receipt.objects.values_list("digest", flat=True).get(pk=row.pk)
    return kept.digest


def make_waiting(*, at: datetime, limit: int = 50) -> int:
    """Make the files that wait; gives how many were made."""
    rows = Receipt.objects.filter(digest="").select_related("order", "cancels").order_by("pk")[:limit]
    done = 0
    for row in rows:
        try:
            make(row, at=at)
        except PaymentsError:
            break
        done += 1
    return done


def verify(*, code: str, number: str, check: str) -> ReceiptInfo | None:
    """The receipt with this code, number and check code; None when there is none such, whatever is wrong."""
    code, number, check = code.strip(), number.strip(), check.strip().upper()
    if not _TYPED.fullmatch(code) or not number.isdecimal() or len(number) > NUMBER:
        return None
    row = (
        Receipt.objects.filter(code=code, number=number.zfill(NUMBER))
        .select_related("order", "cancels")
        .first()
    )
    return info(row) if row is not None and row.check_code == check else None


def _sheet(row: Receipt) -> dict[str, Any]:
    one = info(row)
    unit = actors.unit(one.unit)
    address = f"{settings.SITE_ADDRESS}/payments/verify"
    red = one.amount_fen < 0
    day = actors.day_of(one.at)
    with translation.override("zh-hans"):
        facts = [
            ("票据代码 Code", one.code), ("票据号码 No.", one.number), ("校验码 Check", one.check),
            ("缴款人 Payer", one.payer_name), ("项目 Item", one.what),
            ("金额 Amount", rules.amount_words(one.amount_fen)["zh"]), ("大写 In words", rules.capitals(one.amount_fen)),
            ("收费依据 Basis", row.order.basis or "—"), ("缴费单 Order", one.fee),
        ]  # fmt: skip
    if one.cancels:
        facts.append(("红冲原票据 Cancels", one.cancels))
    return {
        "title": "财政电子票据（退费红字）" if red else "财政电子票据", "issuer": one.unit_name, "lang": "zh",
        "foot": f"查验：{address}", "facts": facts, "code": _drawn(f"{address}?code={one.code}&number={one.number}"),
        "code_words": f"查验用的二维码：{address}", "unit": one.unit_name, "unit_en": unit.name_en,
        "day": f"{day.year}年{day.month}月{day.day}日", "red": red,
        "says": "非税收入统一票据的电子形式，与纸质票据有同等效力。查验页上的状态为准。",
    }  # fmt: skip


def _drawn(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, border=3, dark="#000", light="#fff")
    return drawn.getvalue().decode()
