from django.apps import AppConfig
from django.db.models import CharField
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts.lookups import Begins

        CharField.register_lookup(Begins)
