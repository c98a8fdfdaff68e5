from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Who wrote to a pair last is of use for a moment: it need not survive a crash, and so it costs no log.
# Rows change in place as long as their page has room.
CREATE = """
    CREATE UNLOGGED TABLE chat_turn (
        pair bigint PRIMARY KEY,
        process text NOT NULL,
        number bigint NOT NULL,
        at timestamptz NOT NULL,
        process_before text,
        number_before bigint,
        at_before timestamptz
    ) WITH (fillfactor = 50)
"""


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE chat_turn")


class Migration(migrations.Migration):
    dependencies = [("chat", "0007_source_of_last_seen")]

    operations = [migrations.RunPython(create, drop)]
