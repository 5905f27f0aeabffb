from django.db import migrations, models


class Migration(migrations.Migration):
    """The regime of a cycle is a code of the specs: its names are data, no choices of the column."""

    dependencies = [
        ("filings", "0005_owing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="cycle",
            name="regime",
            field=models.CharField(max_length=10),
        ),
    ]
