"""Filters of lists that had no index: whether it was solved, and many from one number."""

from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("hotline", "0002_additions")]

    operations = [
        migrations.AddIndex("ticket", models.Index(F("solved"), F("docket"), name="ticket_solved")),
        migrations.AddIndex(
            "ticket", models.Index(F("docket"), name="ticket_flood", condition=models.Q(flood=True))
        ),
    ]
