from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class RobotsConfig(AppConfig):
    name = "robots"
    verbose_name = _("Shops and robots")

    def ready(self) -> None:
        post_save.connect(_question_changed, "robots.Faq")
        post_delete.connect(_question_changed, "robots.Faq")
        # The permissions of all that comes before have been made by then.
        post_migrate.connect(_migrated, sender=apps.get_app_config("contenttypes"))


def _question_changed(instance: Any, using: str, **signal: Any) -> None:
    from robots.models import changed  # models can't be imported before the apps are ready

    changed([instance.shop_id], using)


def _migrated(apps: Any, using: str, **signal: Any) -> None:
    from robots.roles import make_groups

    make_groups(apps, using)
