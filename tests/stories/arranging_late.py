"""A case that the market bureau decided a day late, whatever the hour is; run beside a served city, prints its number.

python -m tests.stories.arranging_late
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta

BUREAU = "421202-scjg"


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    django.setup()
    from django.utils import timezone

    print(decided_late(timezone.now()))


def decided_late(now: datetime) -> str:
    """A change of a company's registration: asked for thirteen days ago, accepted next day, granted after the last day."""
    from tests.stories.arranging import _asks, _does
    from tongban.actors import api as actors
    from tongban.kernel import api as kernel
    from tongban.kernel.clock.models import Clock
    from tongban.kernel.docket.models import Docket
    from tongban.kernel.outbox.relay import relay
    from tongban.oversight.supervision import api as supervision
    from tongban.oversight.supervision.models import Scan

    asked_at = now - timedelta(days=13)
    application = _asks("company-change", "organisation:1", asked_at)
    case = Docket.objects.get(parent=application, kind="case", unit=BUREAU)
    _does(case, "accept", asked_at + timedelta(days=1))
    due = Clock.objects.get(docket=case, name="decide").due_at
    late = due + timedelta(hours=14)
    if late >= now:
        raise AssertionError(f"the case is due only at {due}")
    _does(case, "propose", late - timedelta(hours=1), opinion="grant", text="材料齐全，符合条件。")
    approver = actors.officers_with(role="approver", unit_id=BUREAU, at=late)[0]
    who = actors.actor(actor_id=approver, at=late, unit_id=BUREAU)
    kernel.perform(case.pk, "grant", actor=who, at=late, data={})
    Scan.objects.all().delete()  # so that it looks back as far as it does in a city where it is new
    supervision.scan(at=now)
    while relay(at=now):
        pass
    return str(case.number)


if __name__ == "__main__":
    main()
