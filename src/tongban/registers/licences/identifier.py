"""The identifier of an e-licence by GB/T 36904-2018. Pure.

``1.2.156.3005.2.<kind>.<issuer>.<serial>.<version>.<check>``: kind 证照类型代码 is the setter's unified social credit
code and three digits; issuer 颁发机构代码 the issuing unit's credit code; serial 流水号 what the issuer numbers it with;
version 版本号 three digits; check 校验位 ISO 7064 MOD 37,36 over the four parts before it, written together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

from tongban.registers.licences.contracts import IdentifierError

ROOT = "1.2.156.3005.2"
LAST_VERSION = 999
# What the ledger's stream name has room for; identifiers of others may have longer serials (`parse` takes 40).
OWN_SERIAL = 30
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_KIND = re.compile(r"[0-9A-Z]{18}\d{3}")
_ISSUER = re.compile(r"[0-9A-Z]{18}")
_SERIAL = re.compile(r"[0-9A-Z]{1,40}")
_VERSION = re.compile(r"\d{3}")


@dataclass(frozen=True, slots=True)
class Identifier:
    """The parts of an identifier."""

    kind: str
    issuer: str
    serial: str
    version: int

    @property
    def base(self) -> str:
        """What all versions of one licence share."""
        return f"{self.kind}.{self.issuer}.{self.serial}"

    @property
    def check(self) -> str:
        return check_character(self.kind, self.issuer, self.serial, self.version)

    def __str__(self) -> str:
        return f"{ROOT}.{self.base}.{self.version:03d}.{self.check}"


def check_character(kind: str, issuer: str, serial: str, version: int) -> str:
    """The check character of the four middle parts."""
    return str(mod_37_36.calc_check_digit(f"{kind}{issuer}{serial}{version:03d}"))


def checker(kind: str, issuer: str) -> Callable[[str, int], str]:
    """`check_character` for many serials of one kind and issuer: what they share is reckoned once."""
    begun = 18
    for character in kind + issuer:
        begun = (_step(begun) + _VALUES[character]) % 36

    def character_of(serial: str, version: int) -> str:
        check = begun
        for character in f"{serial}{version:03d}":
            check = ((check or 36) * 2 % 37 + _VALUES[character]) % 36
        return _ALPHABET[(1 - _step(check)) % 36]

    return character_of


def _step(check: int) -> int:
    """ISO 7064 hybrid system MOD 37,36: what a check so far becomes before the next character is added."""
    return (check or 36) * 2 % 37


def compose(*, kind: str, issuer: str, serial: str, version: int = 1) -> Identifier:
    """An identifier of its parts.

    :raises IdentifierError: a part is not of its form; says which
    """
    return _checked(kind, issuer, serial, f"{version:03d}")


def of_base(base: str, version: int) -> Identifier:
    """The identifier of another version of a licence; `base` is one that was composed before."""
    kind, issuer, serial = base.split(".")
    return Identifier(kind, issuer, serial, version)


def parse(text: str) -> Identifier:
    """The parts of an identifier; full-width forms, small letters and spaces around are mended.

    :raises IdentifierError: not of the form, or the check character does not fit; says what is wrong
    """
    plain = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text if not c.isspace()).upper()
    if not plain.startswith(ROOT + "."):
        raise IdentifierError(
            _("这不是电子证照标识：应以%s.开头。") % ROOT, possible=_("请扫证照上的二维码，或照证照上的写。")
        )
    parts = plain[len(ROOT) + 1 :].split(".")
    if len(parts) != 5:  # kind, issuer, serial, version, check
        raise IdentifierError(
            _("电子证照标识根代码之后应有5段，这里有%d段。") % len(parts), possible=_("请照证照上的写。")
        )
    kind, issuer, serial, version, check = parts
    found = _checked(kind, issuer, serial, version)
    if check != found.check:
        raise IdentifierError(
            _("电子证照标识的校验位对不上。"), possible=_("请检查有没有写错一位或颠倒两位。")
        )
    return found


def _checked(kind: str, issuer: str, serial: str, version: str) -> Identifier:
    if not _KIND.fullmatch(kind) or not is_credit_code(kind[:18]):
        raise IdentifierError(_("电子证照标识的证照类型代码应是18位统一社会信用代码加3位数字，校验位要对。"))
    if not _ISSUER.fullmatch(issuer) or not is_credit_code(issuer):
        raise IdentifierError(_("电子证照标识的颁发机构代码应是18位统一社会信用代码，校验位要对。"))
    if not _SERIAL.fullmatch(serial):
        raise IdentifierError(_("电子证照标识的流水号应是1到40位数字或大写字母。"))
    if not _VERSION.fullmatch(version) or version == "000":
        raise IdentifierError(_("电子证照标识的版本号应是001到999。"))
    return Identifier(kind, issuer, serial, int(version))


def is_credit_code(text: str) -> bool:
    """Whether this is a unified social credit code with the right check character (GB 32100)."""
    try:
        return bool(uscc.validate(text) == text)
    except ValidationError:
        return False
