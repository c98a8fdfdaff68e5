"""Who can take part: apps (tenants) and their accounts."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.origins import is_origin

ANY_SITE = "*"


def check_sites(text: str) -> None:
    """Raise `ValidationError` unless each line is the address of a site, or the sign for all of them."""
    for line in text.split():
        if line != ANY_SITE and not is_origin(line):
            raise ValidationError(
                _("“%(line)s” is no site: write for example https://www.example.com, without a path."),
                params={"line": line},
            )


class App(models.Model):
    """A tenant. Accounts, shops and messages of two apps never meet.

    Every model of what belongs to an app says in `APP` by which fields it does.
    """

    appid = models.CharField(_("appid"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=100)
    enabled = models.BooleanField(
        _("enabled"), default=True, help_text=_("Disabling an app closes the sockets of all its accounts.")
    )
    sites = models.TextField(
        _("sites"),
        blank=True,
        default="",
        max_length=4000,
        validators=[check_sites],
        help_text=_(
            "Whose pages may show the widget: one address a line, such as https://www.example.com or "
            "https://*.example.com; * alone for any. Empty: none but this server's own."
        ),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("app")
        verbose_name_plural = _("apps")
        permissions: ClassVar = [("see_everything", gettext_noop("Can see every shop, and what belongs to no shop"))]

    def __str__(self) -> str:
        return self.name

    @property
    def framing_sites(self) -> list[str]:
        """The sites whose pages may show the widget, as browsers are told of them."""
        return [line for line in self.sites.split() if line == ANY_SITE or is_origin(line)]


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

    APP = "app"
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


class Scope(models.TextChoices):
    """What an app key may be used for."""

    ACCOUNTS_READ = "accounts:read", _("read accounts")
    ACCOUNTS_WRITE = "accounts:write", _("create, change and disable accounts")
    TOKENS_WRITE = "tokens:write", _("make chat tokens for accounts")
    SHOPS_READ = "shops:read", _("read shops and questions")
    SHOPS_WRITE = "shops:write", _("create and change shops and questions")
    NOTIFICATIONS_READ = "notifications:read", _("read notifications")
    NOTIFICATIONS_WRITE = "notifications:write", _("send notifications")
    MESSAGES_READ = "messages:read", _("read conversations, messages, unread totals and who is online")
    MESSAGES_WRITE = "messages:write", _("send messages as a shop")
    UPLOADS_WRITE = "uploads:write", _("upload files")
    DATA_EXPORT = "data:export", _("export all of a person's data")
    DATA_ERASE = "data:erase", _("erase all of a person's data")


class AppKey(models.Model):
    """What an app's own server shows to be let in over HTTP. The secret is shown once and kept as a digest."""

    APP = "app"
    app = models.ForeignKey(App, models.PROTECT, related_name="keys", verbose_name=_("app"))
    name = models.CharField(_("name"), max_length=100, help_text=_("Who uses it, for your own records."))
    prefix = models.CharField(_("begins with"), max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        verbose_name = _("app key")
        verbose_name_plural = _("app keys")

    def __str__(self) -> str:
        return self.name
