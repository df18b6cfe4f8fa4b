from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('telephony', '0002_told'),
    ]

    operations = [
        migrations.AlterField(
            model_name='call',
            name='told',
            field=models.CharField(blank=True, default='', max_length=120, verbose_name='台账所记'),
        ),
    ]
