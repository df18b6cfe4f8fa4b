import django.db.models.deletion
import tongban.kernel.privacy
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_initial'),
        ('kernel', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='decided',
            field=models.CharField(blank=True, db_default='', default='', max_length=8, verbose_name='谁决定的'),
        ),
        migrations.CreateModel(
            name='InstantCheck',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='instant', serialize=False, to='cases.case')),
                ('revision', models.IntegerField(verbose_name='案卷版次')),
                ('rules_version', models.CharField(max_length=64, verbose_name='规则版本')),
                ('verdict', models.CharField(max_length=8, verbose_name='结论')),
                ('stopped', models.BooleanField(default=False, verbose_name='秒批停用')),
                ('approved', models.BooleanField(default=False, verbose_name='已秒批')),
                ('findings', tongban.kernel.privacy.EncryptedTextField(default='', verbose_name='逐条结果')),
                ('checked_at', models.DateTimeField()),
                ('sampled', models.BooleanField(null=True, verbose_name='抽中')),
            ],
            options={
                'indexes': [models.Index(models.F('checked_at'), condition=models.Q(('approved', True), ('sampled', None)), name='instant_to_draw')],
            },
        ),
        migrations.CreateModel(
            name='CaseLicence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='结果名称')),
                ('kind', models.CharField(max_length=60, verbose_name='证照种类')),
                ('act', models.CharField(max_length=8, verbose_name='动作')),
                ('identifier', models.CharField(blank=True, max_length=85, verbose_name='电子证照标识')),
                ('given', tongban.kernel.privacy.EncryptedTextField(default='')),
                ('missing', models.TextField(default='[]', verbose_name='缺的内容')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='为什么没有制成')),
                ('done_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licences', to='cases.case')),
                ('making', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='making', to='kernel.docket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'kind', 'name'), name='case_licence_once')],
            },
        ),
        migrations.CreateModel(
            name='Sampling',
            fields=[
                ('docket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sampling', serialize=False, to='kernel.docket')),
                ('drawn_for', models.DateField(verbose_name='批准日')),
                ('found_by', models.CharField(blank=True, max_length=64)),
                ('decision', models.TextField(default='{}', verbose_name='处理决定')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sampling', to='cases.case')),
            ],
        ),
    ]
