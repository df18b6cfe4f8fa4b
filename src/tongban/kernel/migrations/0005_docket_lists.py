"""Lists that had no index of their own: everything and an officer's by opening, a kind's open dockets by limit."""

from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_clock_clock_named")]

    operations = [
        migrations.AddIndex(
            "docket",
            models.Index(
                F("kind"), F("due_at"), F("id"), condition=models.Q(closed_at=None), name="docket_open_kind"
            ),
        ),
        migrations.AddIndex("docket", models.Index(F("opened_at"), F("id"), name="docket_opened")),
        migrations.AddIndex(
            "docket", models.Index(F("officer"), F("opened_at"), F("id"), name="docket_officer_opened")
        ),
    ]
