"""What is stored of the talk between accounts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, App, Source
from robots.models import Shop

PREVIEW_LENGTH = 200


class Remark(models.IntegerChoices):
    """What kind of thing a shop's robot said."""

    ANSWER = 1, _("answer")
    MENU = 2, _("menu")
    FALLBACK = 3, _("fallback")
    HANDOVER = 4, _("handing over")


class Message(models.Model):
    """One message from one account to another. Its id grows in the order in which a conversation's messages appear."""

    APP = "sender__app"
    sender = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False, verbose_name=_("sender"))
    recipient = models.ForeignKey(
        Account, models.PROTECT, related_name="+", db_index=False, verbose_name=_("recipient")
    )
    body = models.TextField(_("body"), help_text="The JSON object, to the letter as its sender wrote it.")
    client_id = models.CharField(
        max_length=64,
        null=True,
        editable=False,
        help_text="The sender's own name for it, which makes sending repeatable.",
    )
    created_at = models.DateTimeField(_("created at"))
    recalled_at = models.DateTimeField(
        _("recalled at"),
        null=True,
        editable=False,
        help_text=_("When its sender took it back; nothing of its body is kept."),
    )
    robot = models.SmallIntegerField(
        _("robot"),
        choices=Remark.choices,
        null=True,
        editable=False,
        help_text="What the shop's robot said with it; null where a person wrote it, or the app's own server.",
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [
            models.Index(Least("sender", "recipient"), Greatest("sender", "recipient"), "id", name="message_pair"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sender", "client_id"],
                condition=models.Q(client_id__isnull=False),
                name="one_message_of_a_client_id",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Conversation(models.Model):
    """One account's view of its talk with another. The other account has a row of its own."""

    APP = "owner__app"
    owner = models.ForeignKey(
        Account, models.CASCADE, related_name="conversations", db_index=False, verbose_name=_("owner")
    )
    peer = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False, verbose_name=_("peer"))
    unread = models.PositiveIntegerField(
        _("unread"), default=0, help_text=_("Messages from the peer that wait for the owner.")
    )
    read_up_to = models.BigIntegerField(default=0, help_text="Messages from the peer up to this id were read.")
    cleared_up_to = models.BigIntegerField(default=0, help_text="Messages up to this id are hidden from the owner.")
    listed = models.BooleanField(default=True, help_text="False after the owner deleted it, until the next message.")
    pinned = models.BooleanField(_("pinned"), default=False)
    last_message_id = models.BigIntegerField(default=0)
    last_message_at = models.DateTimeField(_("last message at"))
    preview = models.CharField(_("last message"), max_length=PREVIEW_LENGTH)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "peer"], name="one_view_of_a_peer")]
        indexes: ClassVar = [
            models.Index(
                # With the id PostgreSQL passes over all that stands before a late page within the index alone.
                fields=["owner", "-pinned", "-last_message_id", "id"],
                condition=models.Q(listed=True),
                name="conversation_list",
            ),
            models.Index(fields=["owner", "unread"], condition=models.Q(unread__gt=0), name="conversation_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} ↔ {self.peer_id}"


class Block(models.Model):
    """The owner wants to hear nothing from the blocked account."""

    owner = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False, verbose_name=_("who blocks"))
    blocked = models.ForeignKey(
        Account, models.CASCADE, related_name="+", db_index=False, verbose_name=_("who is blocked")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "blocked"], name="one_block_of_an_account")]
        indexes: ClassVar = [models.Index(fields=["owner", "-id"], name="block_list")]

    def __str__(self) -> str:
        return f"{self.owner_id} ⊘ {self.blocked_id}"


class LastSeen(models.Model):
    """When an account last came or went: it is written late and together with others."""

    APP = "account__app"
    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="last_seen")
    at = models.DateTimeField()
    source = models.SmallIntegerField(
        choices=Source.choices,
        null=True,
        help_text="What it came from last; null of those who came before it was noted.",
    )


class Guest(models.Model):
    """A visitor of some site who writes to one shop without an account of the app, and what page they look at.

    Everything but the shop is what strangers say.
    """

    APP = "account__app"
    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="guest")
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    used_at = models.DateTimeField(help_text="When it was made, or its token was last renewed.")
    title = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=1000, blank=True, help_text="Of http or https.")
    goods = models.JSONField(null=True, help_text="The product on that page, as `data` of a product card.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["used_at"], name="guest_used")]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.shop_id}"


class Notification(models.Model):
    """What staff or the app's own server had its notification account say, to one, to some, or to all of the app."""

    APP = "app"
    app = models.ForeignKey(App, models.PROTECT, related_name="+", verbose_name=_("app"))
    recipient = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recipient"),
        help_text=_("Leave empty to tell every account of the app."),
    )
    recipient_ids = models.JSONField(
        null=True, editable=False, help_text="The accounts that are told, where they are several and not all."
    )
    text = models.TextField(_("text"), max_length=5000)
    body = models.TextField(
        blank=True, editable=False, help_text="The message body where it is more than the text, which is its preview."
    )
    key = models.CharField(
        max_length=64, null=True, editable=False, help_text="The app's own name for it, which makes sending repeatable."
    )
    digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Of the app's request, to tell the same from another one."
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    reached = models.PositiveIntegerField(_("accounts reached"), default=0, editable=False)
    told_at = models.DateTimeField(
        _("told at"), null=True, editable=False, help_text="When everybody was told; empty until then."
    )
    claimed_until = models.DateTimeField(
        null=True, editable=False, help_text="Until then one process is telling it, and others leave it alone."
    )

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["app", "key"], condition=models.Q(key__isnull=False), name="one_notification_of_a_key"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["app", "id"], name="notification_of_app"),
            models.Index(fields=["id"], condition=models.Q(told_at=None), name="notification_untold"),
        ]

    def __str__(self) -> str:
        # It stands in the log of what staff did, which keeps nothing that was said to anybody.
        return f"#{self.pk}"


UNUSED = models.Q(uses__lte=0, account__isnull=False)
"""Uploads that no message names."""


class Upload(models.Model):
    """A file that somebody uploaded. Messages name it by its address."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("image")
        AUDIO = "audio", _("audio")
        VIDEO = "video", _("video")
        FILE = "file", _("file")

    APP = "app"
    app = models.ForeignKey(App, models.PROTECT, related_name="+", db_index=False, verbose_name=_("app"))
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("account"),
        help_text="Who uploaded it; nobody for the app's own server.",
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    token = models.CharField(
        max_length=32, unique=True, help_text="The random part of its address, by which messages are found to name it."
    )
    files = models.JSONField(default=list, help_text="Where it lies in the storage, with its preview or cover.")
    size = models.PositiveBigIntegerField(_("size"), help_text="Bytes.")
    name = models.CharField(
        _("name"),
        max_length=100,
        blank=True,
        default="",
        help_text="What its sender calls it, made safe; of files alone.",
    )
    uses = models.IntegerField(
        default=0,
        help_text="How many messages name it; not counted of what the app's own server uploaded.",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=UNUSED, name="upload_unused"),
        ]

    def __str__(self) -> str:
        return self.token
