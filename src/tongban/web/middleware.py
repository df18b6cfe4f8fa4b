"""What every request passes through on behalf of the shell."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tongban.web import preferences
from tongban.web.csp import POLICY

Next = Callable[[HttpRequest], HttpResponseBase]


class ContentSecurityPolicy:
    """Send the strict policy with every answer that does not bring its own."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        return response


class Preferences:
    """Set ``request.preferences`` (a :class:`tongban.web.preferences.Reader`) from the cookies."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.preferences = preferences.read(request)  # type: ignore[attr-defined]  # read through context.py
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
            # A shared cache must not hand an elder's page to somebody else.
            vary = {part.strip() for part in response.get("Vary", "").split(",") if part.strip()}
            if not {part.lower() for part in vary} & {"cookie", "*"}:
                response["Vary"] = ", ".join([*sorted(vary), "Cookie"])
        return response
