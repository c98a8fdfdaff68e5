import re
from collections import Counter

from django.db import migrations, models

NAMED = re.compile("u-([0-9a-f]{32})")


def count(apps, schema_editor):
    """How many messages name each upload: all of them are read once."""
    alias = schema_editor.connection.alias
    messages = apps.get_model("chat", "Message").objects.using(alias).filter(body__contains="u-")
    uses = Counter(
        token for body in messages.values_list("body", flat=True).iterator() for token in set(NAMED.findall(body))
    )
    uploads = apps.get_model("chat", "Upload").objects.using(alias).filter(account__isnull=False)
    for token, number in uses.items():
        uploads.filter(token=token).update(uses=number)


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0008_turns"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="uses",
            field=models.IntegerField(
                default=0,
                help_text="How many messages name it; not counted of what the app's own server uploaded.",
            ),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="upload", name="upload_unused"),
        migrations.RemoveField(model_name="upload", name="used"),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(
                condition=models.Q(("account__isnull", False), ("uses__lte", 0)),
                fields=["created_at"],
                name="upload_unused",
            ),
        ),
    ]
