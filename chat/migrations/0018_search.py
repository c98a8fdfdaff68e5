from typing import Any

from django.db import migrations

STATEMENTS = {
    "sqlite": [
        "CREATE VIRTUAL TABLE chat_search USING fts5(pieces, detail = none, columnsize = 0, tokenize = 'ascii')"
    ],
    # What waits to be entered into a GIN index is read from end to end by each look into it.
    "postgresql": [
        "CREATE TABLE chat_search (message_id bigint PRIMARY KEY, pieces integer[] NOT NULL)",
        "CREATE INDEX chat_search_pieces ON chat_search USING gin (pieces) WITH (fastupdate = off)",
    ],
}


def create(apps: Any, schema_editor: Any) -> None:
    """The index, in the way of the database; messages are entered afterwards, while the server runs."""
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    """Without messages nothing is lost."""
    schema_editor.execute("DROP TABLE chat_search")
    apps.get_model("chat", "Progress").objects.using(schema_editor.connection.alias).filter(name="search").delete()


class Migration(migrations.Migration):
    dependencies = [("chat", "0017_figures_outlive_shops")]

    operations = [migrations.RunPython(create, drop)]
