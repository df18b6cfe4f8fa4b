"""The kinds and states that a worklist can be narrowed to, as options of its form.

There are some hundred states: their options are put together once for each language, not by every page.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import Flow


def kinds(chosen: str = "") -> SafeString:
    """Every kind of docket; `chosen` is selected, a kind nobody knows is not."""
    return _selected(_made(get_language(), tuple(kernel.all_flows()))[0], chosen)


def states(chosen: str = "") -> SafeString:
    """Every state, grouped by kind; `chosen` is ``kind.state``."""
    return _selected(_made(get_language(), tuple(kernel.all_flows()))[1], chosen)


@lru_cache(maxsize=4)
def _made(_language: str | None, flows: tuple[Flow, ...]) -> tuple[SafeString, SafeString]:
    option = '<option value="{}">{}</option>'
    groups = [
        format_html(
            '<optgroup label="{}">{}</optgroup>', flow.label,
            format_html_join("", option, ((f"{flow.kind}.{name}", one.label) for name, one in flow.states.items())),
        )
        for flow in flows
    ]  # fmt: skip
    return (
        format_html_join("", option, ((flow.kind, flow.label) for flow in flows)),
        format_html_join("", "{}", ((group,) for group in groups)),
    )


def _selected(options: SafeString, chosen: str) -> SafeString:
    before = format_html('<option value="{}"', chosen)
    return mark_safe(options.replace(f"{before}>", f"{before} selected>"))  # noqa: S308 - both parts are escaped
