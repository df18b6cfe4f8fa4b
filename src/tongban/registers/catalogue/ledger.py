"""The one place where the catalogue writes into the kernel's ledger."""

from datetime import datetime
from typing import Any

from tongban.kernel.contracts import Actor


def record(*, region: str, act: str, data: dict[str, Any], actor: Actor, at: datetime) -> None:
    """Who did what to the catalogue of a region; the stream is ``catalogue:<region>``."""
    from tongban.kernel import api as kernel

    kernel.record(stream=f"catalogue:{region}", act=act, data=data, actor=actor, at=at)
