"""The log of what staff did named questions and notifications by what they say; now it names them by their numbers."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat

WORDY = Q(content_type__app_label="robots", content_type__model__in=["gap", "unansweredquestion"]) | Q(
    content_type__app_label="chat", content_type__model="notification"
)
GAPS = Q(content_type__app_label="robots", content_type__model="gap")


def forget_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    entries = apps.get_model("admin", "LogEntry")._default_manager.using(schema_editor.connection.alias)
    entries.filter(WORDY).update(object_repr=Concat(Value("#"), F("object_id"), output_field=CharField()))
    # What was noted of a filled gap quoted the question, which was often a customer's.
    entries.filter(GAPS).exclude(change_message="Dismissed.").update(change_message="")


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("chat", "0014_list_within_the_index"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(forget_words, migrations.RunPython.noop)]
