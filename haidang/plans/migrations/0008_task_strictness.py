from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0007_plan_order")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="window_strict",
            field=models.BooleanField(
                help_text="of window_to: true for 'trước ngày', false for 'chậm nhất'; null: the text does not say",
                null=True,
            ),
        ),
    ]
