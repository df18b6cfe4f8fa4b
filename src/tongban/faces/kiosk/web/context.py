"""What every template of a kiosk may read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from tongban.faces.kiosk.stay import device, stay_of


def kiosk(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``kiosk`` with the bar's template, the stay and the seconds left; nothing elsewhere."""
    if not device(request) or not hasattr(request, "session"):
        return {}
    stay = stay_of(request)
    left = max(0, int((stay.until - timezone.now()).total_seconds())) if stay else 0
    return {"kiosk": {"bar": "kiosk/_bar.html", "stay": stay, "left": left, "minutes": -(-left // 60)}}
