"""Who can take part: apps (tenants) and their accounts."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class App(models.Model):
    """A tenant. Accounts, shops and messages of two apps never meet."""

    appid = models.CharField(_("appid"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=100)
    enabled = models.BooleanField(
        _("enabled"), default=True, help_text=_("Disabling an app closes the sockets of all its accounts.")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("app")
        verbose_name_plural = _("apps")

    def __str__(self) -> str:
        return self.name


class Source(models.IntegerChoices):
    """What a socket was opened from, as the client says when it signs in."""

    APP = 1, _("app")
    WECHAT = 2, _("WeChat mini program")
    ALIPAY = 3, _("Alipay mini program")
    PC = 4, _("PC")


class Account(models.Model):
    """A customer, a shop, or an app's notification account, to which nobody can sign in."""

    class Kind(models.IntegerChoices):
        PERSON = 1, _("person or shop")
        NOTIFICATION = -1, _("notifications")

    app = models.ForeignKey(App, models.PROTECT, related_name="accounts", db_index=False, verbose_name=_("app"))
    name = models.CharField(_("account"), max_length=64)
    kind = models.SmallIntegerField(_("kind"), choices=Kind.choices, default=Kind.PERSON, editable=False)
    password = models.CharField(_("password"), max_length=128, editable=False)
    nickname = models.CharField(_("nickname"), max_length=64, blank=True)
    avatar = models.CharField(_("avatar"), max_length=255, blank=True, help_text=_("Address of a picture."))
    api_token_digest = models.CharField(max_length=64, blank=True, editable=False)
    enabled = models.BooleanField(
        _("enabled"), default=True, help_text=_("Disabling an account closes its sockets at once.")
    )
    token_epoch = models.PositiveIntegerField(
        default=0, editable=False, help_text="Tokens made before the epoch was raised are void."
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["app", "name"], name="one_account_of_a_name"),
            models.UniqueConstraint(fields=["app"], condition=models.Q(kind=-1), name="one_notification_account"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["app", "id"], name="account_of_app"),
            models.Index(fields=["id"], condition=models.Q(enabled=False), name="account_disabled"),
            models.Index(fields=["name"], opclasses=["varchar_pattern_ops"], name="account_by_name"),
            models.Index(fields=["nickname"], opclasses=["varchar_pattern_ops"], name="account_by_nickname"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """What other people see: the nickname, or the account's name where there is none."""
        return self.nickname or self.name
