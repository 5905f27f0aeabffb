from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0008_task_strictness")]

    operations = [
        migrations.AlterField(
            model_name="extension",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "chờ quyết định"),
                    ("granted", "được gia hạn"),
                    ("refused", "không được gia hạn"),
                    ("moot", "không cần nữa, nhiệm vụ đã xong"),
                ],
                default="",
                max_length=8,
            ),
        ),
    ]
