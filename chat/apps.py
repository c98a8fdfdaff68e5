from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = _("Chat")

    def ready(self) -> None:
        from accounts.lifecycle import rights_withdrawn
        from chat.delivery import close_sockets

        rights_withdrawn.connect(close_sockets)
