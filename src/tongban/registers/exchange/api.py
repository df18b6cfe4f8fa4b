"""The door of exchange: ask the shared registers, and see who asked."""

from tongban.registers.exchange.contracts import (
    Answer,
    RegisterDownError,
    RegisterInfo,
    SharedFact,
    UnknownRegisterError,
    Use,
)
from tongban.registers.exchange.pack import giving, register, registers, standing_in
from tongban.registers.exchange.selectors import uses
from tongban.registers.exchange.services import facts, forget

__all__ = [
    "Answer",
    "RegisterDownError",
    "RegisterInfo",
    "SharedFact",
    "UnknownRegisterError",
    "Use",
    "facts",
    "forget",
    "giving",
    "register",
    "registers",
    "standing_in",
    "uses",
]
