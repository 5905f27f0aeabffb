from django.db import migrations, models


class Migration(migrations.Migration):
    """Counting what is alike, over all that a country owes, without reading the rows themselves."""

    dependencies = [
        ("filings", "0006_regime_of_the_specs"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(fields=["cycle", "due_on", "extended_to", "waived_reason"], name="obligation_alike"),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(fields=["obligation", "state", "nil", "received_at"], name="filing_alike"),
        ),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(
                condition=models.Q(("received_at__isnull", True)), fields=["obligation"], name="filing_not_received"
            ),
        ),
    ]
