"""How one reader wants pages to look. Kept in cookies; the server renders it, so nothing flashes."""

from dataclasses import dataclass
from typing import Literal, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

MODE_COOKIE = "tb_mode"
SIZE_COOKIE = "tb_size"
THEME_COOKIE = "tb_theme"
# Said aloud, so that the standard layout chosen on this device wins over the account's elder mode.
PLAIN = "plain"
YEAR = 365 * 24 * 3600

Mode = Literal["", "elder"]
Size = Literal["", "plus"]
Theme = Literal["", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader's choices; empty means the plain default (`theme`: as the device says)."""

    mode: Mode = ""
    size: Size = ""
    theme: Theme = ""

    @property
    def elder(self) -> bool:
        return self.mode == "elder"


CHOICES: dict[str, tuple[str, ...]] = {
    "mode": ("", "elder"),
    "size": ("", "plus"),
    "theme": ("", "light", "dark"),
}
COOKIES = {"mode": MODE_COOKIE, "size": SIZE_COOKIE, "theme": THEME_COOKIE}


def read(request: HttpRequest) -> Reader:
    """The choices in the request's cookies; anything unknown counts as the default."""
    found = {}
    for name, cookie in COOKIES.items():
        value = request.COOKIES.get(cookie, "")
        found[name] = value if value in CHOICES[name] else ""
    return Reader(
        mode=cast("Mode", found["mode"]),
        size=cast("Size", found["size"]),
        theme=cast("Theme", found["theme"]),
    )


def unspoken(request: HttpRequest) -> bool:
    """Whether this device never chose between standard and elder; then the account decides."""
    return request.COOKIES.get(MODE_COOKIE, "") not in {"elder", PLAIN}


def write(response: HttpResponse, *, name: str, value: str) -> None:
    """Keep one choice (`mode`, `size`, `theme` or `language`) for a year.

    :raises ValueError: an unknown name or value
    """
    if name == "language":
        if value not in dict(settings.LANGUAGES):
            raise ValueError(value)
        cookie = settings.LANGUAGE_COOKIE_NAME
    elif value in CHOICES.get(name, ()):
        cookie = COOKIES[name]
    else:
        raise ValueError(name)
    if name == "mode":
        value = value or PLAIN
    if value:
        response.set_cookie(
            cookie, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(cookie, samesite="Lax")
