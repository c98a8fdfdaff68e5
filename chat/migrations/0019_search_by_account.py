from typing import Any

from django.db import migrations


def begin_anew(apps: Any, schema_editor: Any) -> None:
    """Every message is entered once more, with whose it is, in the place of what is there."""
    apps.get_model("chat", "Progress").objects.using(schema_editor.connection.alias).filter(name="search").delete()


class Migration(migrations.Migration):
    dependencies = [("chat", "0018_search")]

    operations = [migrations.RunPython(begin_anew, migrations.RunPython.noop)]
