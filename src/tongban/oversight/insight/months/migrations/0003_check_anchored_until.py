from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("months", "0002_checks")]

    operations = [
        migrations.AddField("check", "anchored_until", models.DateTimeField("对照的锚封到何时", null=True)),
    ]
