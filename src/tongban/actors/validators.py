"""Numbers of persons and organisations, checked with their check digits."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError as StdnumError

from tongban.kernel.privacy import normalise

_MOBILE = re.compile(r"1[3-9]\d{9}")
_CREDIT_CODE = re.compile(r"[1-9A-HJ-NPQRTUWXY][0-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_FIXED = re.compile(r"(0\d{2,3}-?)?\d{7,8}(-\d{1,5})?|1\d{4}|\d{5}")


def resident_id(value: str) -> str:
    """A resident id number (GB 11643), upper case without spaces.

    :raises ValidationError: says which part is wrong; the number itself is not in the message
    """
    number = normalise(value)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise ValidationError(_("身份证号应为18位，前17位是数字，最后一位是数字或X。"), code="format")
    try:
        ric.get_birth_date(number)
    except StdnumError as error:
        raise ValidationError(
            _("身份证号中的出生日期不存在，请对照证件核对第7至14位。"), code="birth"
        ) from error
    if ric.calc_check_digit(number) != number[-1]:
        raise ValidationError(_("身份证号的校验位不对，可能有一位输错了，请对照证件核对。"), code="check")
    # Only the province: numbers keep the county of their issue, which may be gone for decades, and
    # no table of former counties is complete enough to turn a real person away.
    if number[:2] not in _PROVINCES:
        raise ValidationError(_("身份证号的前两位不是已知的省份，请对照证件核对。"), code="region")
    return number


def birth_date(number: str) -> date:
    """Date of birth in a valid resident id number."""
    born: date = ric.get_birth_date(number)
    return born


def credit_code(value: str) -> str:
    """A unified social credit code (GB 32100), upper case without spaces.

    :raises ValidationError: says whether the form or the check digit is wrong
    """
    code = normalise(value)
    if not _CREDIT_CODE.fullmatch(code):
        raise ValidationError(
            _("统一社会信用代码应为18位数字和大写字母（不含I、O、S、V、Z）。"), code="format"
        )
    # Not uscc.is_valid: it refuses the letter N in front, which rural collectives have under GB 32100.
    if uscc.calc_check_digit(code) != code[-1]:
        raise ValidationError(
            _("统一社会信用代码的校验位不对，可能有一位输错了，请对照执照核对。"), code="check"
        )
    return code


def phone_number(value: str) -> str:
    """A mobile or fixed number without spaces; fixed ones keep their hyphens.

    :raises ValidationError: neither a mobile nor a fixed number
    """
    number = normalise(value).removeprefix("+86")
    if not (_MOBILE.fullmatch(number) or _FIXED.fullmatch(number)):
        raise ValidationError(_("电话号码应为11位手机号，或带区号的固定电话。"), code="format")
    return number


def is_mobile(number: str) -> bool:
    """Whether a number can take an SMS."""
    return bool(_MOBILE.fullmatch(number))
