"""Red marks of limits that ended in time, or otherwise, are no late ones: their end had been moved."""

from django.db import migrations


def rest(apps, _editor):
    marks = apps.get_model("supervision", "Mark").objects.filter(colour="red", over_at__isnull=False)
    marks.exclude(outcome="missed").update(colour="yellow", red_at=None, next_at=None, explain_by=None)


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]

    operations = [migrations.RunPython(rest, migrations.RunPython.noop)]
