from typing import Any

from django.db import migrations

NAME = "Can see every shop, and what belongs to no shop"


def let_staff_see_what_they_saw(apps: Any, schema_editor: Any) -> None:
    """Staff who are there already have seen every shop so far."""
    alias = schema_editor.connection.alias
    user = apps.get_model("auth", "User")
    staff = user.objects.using(alias).filter(is_staff=True, is_superuser=False)
    if not staff.exists():
        return
    # Permissions are made after the migrations otherwise.
    kind, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(alias)
        .get_or_create(app_label="accounts", model="app")
    )
    permission, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(codename="see_everything", content_type=kind, defaults={"name": NAME})
    )
    permission.user_set.add(*staff)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_app_sites"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="app",
            options={
                "permissions": [("see_everything", NAME)],
                "verbose_name": "app",
                "verbose_name_plural": "apps",
            },
        ),
        migrations.RunPython(let_staff_see_what_they_saw, migrations.RunPython.noop),
    ]
