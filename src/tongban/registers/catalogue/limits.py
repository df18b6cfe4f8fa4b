"""A limit of a matter in the reader's words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def limit_text(amount: int | None, unit: str) -> str:
    """5个工作日, 当场办结, or nothing."""
    if amount is None:
        return ""
    if amount == 0:
        return _("当场办结")
    number = {"n": amount}
    if unit == "working_hours":
        return ngettext("%(n)s个工作小时", "%(n)s个工作小时", amount) % number
    if unit == "natural_days":
        return ngettext("%(n)s天", "%(n)s天", amount) % number
    return ngettext("%(n)s个工作日", "%(n)s个工作日", amount) % number
