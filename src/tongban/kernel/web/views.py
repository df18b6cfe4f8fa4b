"""The kernel's one page: is the platform well."""

from dataclasses import asdict

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tongban.kernel.jobs.health import health


@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when database and worker are well, else 503; names what is not. No personal data."""
    state = health(at=timezone.now())
    return JsonResponse({"well": state.well, **asdict(state)}, status=200 if state.well else 503)


healthz.access = "everyone"  # type: ignore[attr-defined]
