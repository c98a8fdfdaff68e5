from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = _("Chat")

    def ready(self) -> None:
        from accounts.api import people, views
        from accounts.lifecycle import rights_withdrawn
        from chat import guests
        from chat.afterwards import models as _progress  # noqa: F401  (Django finds models by their being imported)
        from chat.delivery import close_sockets
        from chat.doors import limits
        from chat.figures import models as _figures  # noqa: F401
        from chat.layers.shared_limits import SharedLimits
        from chat.webhooks import models as _webhooks  # noqa: F401  (these as well)

        rights_withdrawn.connect(close_sockets)
        post_save.connect(guests.shop_saved, "robots.Shop")
        if settings.REDIS_URL:
            SharedLimits(settings.REDIS_URL).join((*limits.ALL, people.requests, views.requests))
