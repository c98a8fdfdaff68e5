from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class RobotsConfig(AppConfig):
    name = "robots"
    verbose_name = _("Shops and robots")

    def ready(self) -> None:
        post_save.connect(_question_changed, "robots.Faq")
        post_delete.connect(_question_changed, "robots.Faq")


def _question_changed(instance: Any, using: str, **signal: Any) -> None:
    from robots.models import changed  # models can't be imported before the apps are ready

    changed([instance.shop_id], using)
