import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_initial'),
        ('filings', '0004_entry'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BoardView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='cycle',
            name='letter_number',
            field=models.CharField(blank=True, max_length=60, verbose_name='số văn bản yêu cầu'),
        ),
        migrations.AddField(
            model_name='cycle',
            name='steps',
            field=models.JSONField(blank=True, default=dict, help_text='level -> working days before the due date'),
        ),
        migrations.AddField(
            model_name='cycle',
            name='written_due_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='obligation',
            name='due_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='obligation',
            name='handed_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='obligation',
            name='handed_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_over', to='filings.obligation'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='told_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
        migrations.AlterField(
            model_name='cycle',
            name='regime',
            field=models.CharField(choices=[('nd09', 'NĐ 09/2019'), ('calendar', 'theo lịch'), ('plan', 'riêng'), ('request', 'theo yêu cầu')], max_length=10),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('digest', 'bản tin tự động'), ('message', 'lời nhắc'), ('letter', 'công văn đôn đốc'), ('escalation', 'báo cáo cấp trên')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(('handed_to__isnull', True), models.Q(('waived_reason', ''), _negated=True), _connector='OR'), name='handed_over_is_off', violation_error_message='Nghĩa vụ đã bàn giao thì cơ quan cũ không còn phải nộp.'),
        ),
        migrations.AddField(
            model_name='boardview',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='board_views', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='boardview',
            constraint=models.UniqueConstraint(fields=('person', 'name'), name='board_view_named_once'),
        ),
        migrations.AddConstraint(
            model_name='boardview',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='board_view_has_name'),
        ),
    ]
