"""The row that plans of the centre belong to, where a register was loaded before there was one."""

from django.db import migrations


def add(apps, schema_editor):
    area = apps.get_model("agencies", "Area")
    if area.objects.exists() and not area.objects.filter(level="central", code="TW").exists():
        area.objects.create(level="central", code="TW", name="Trung ương", kind="", path="TW")


class Migration(migrations.Migration):
    dependencies = [("agencies", "0002_agency_alias")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
