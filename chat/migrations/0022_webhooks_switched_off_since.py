from django.db import migrations, models
from django.utils import timezone


def begin_the_day(apps, schema_editor):
    """What waits at those that are off has its day from now on."""
    endpoints = apps.get_model("chat", "Endpoint").objects.using(schema_editor.connection.alias)
    endpoints.filter(enabled=False).update(disabled_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0021_digests_of_notifications"),
    ]

    operations = [
        migrations.AddField(
            model_name="endpoint",
            name="disabled_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="switched off at"),
        ),
        migrations.RunPython(begin_the_day, migrations.RunPython.noop),
    ]
