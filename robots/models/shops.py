"""Shops, the questions that their robots can answer, and what their people often write."""

import secrets
import zoneinfo
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, App
from robots.hours import Hours, WrongHoursError, hours

DEFAULT_GREETING = "亲，很高兴为您服务，请问您要咨询什么问题呢？"
DEFAULT_FALLBACK = "亲，这个问题我还不太明白，请稍等，客服看到后会尽快回复您。"
DEFAULT_SUGGESTION = "亲，您想问的是下面哪个问题呢？"
SHORTCUT = r"^[^\s/]+$"
DEFAULT_HANDOVER = "亲，已为您转接人工客服，请稍候，客服看到后会尽快回复您。"
DEFAULT_AWAY = "客服现在不在线，{time} 回来。"
TIME = "{time}"
"""Where in a shop's words stands when people are back."""
LONGEST_QUIET = 7 * 24 * 60


def new_version() -> int:
    """A number that no earlier state of a shop's questions had."""
    return secrets.randbits(62)


def check_hours(text: str) -> None:
    try:
        hours(text)
    except WrongHoursError as wrong:
        raise ValidationError(
            _("“%(line)s” is no hours: write for example “Mon-Fri 9:00-12:00 13:30-18:00”."),
            params={"line": wrong.args[0]},
        ) from None


def check_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("No time zone is called “%(name)s”."), params={"name": name})


class Speaks(models.TextChoices):
    """When a robot answers what it was not asked."""

    NEVER = "never", _("never, only when customers call it")
    ALONE = "alone", _("while nobody of the shop is online")
    ALONE_OR_OPEN = "alone_or_open", _("while nobody of the shop is online, and always within its hours")
    ALONE_OR_CLOSED = "alone_or_closed", _("while nobody of the shop is online, and always outside of its hours")


class Shop(models.Model):
    """A shop of an app; customers talk with its account."""

    APP = "app"
    app = models.ForeignKey(App, models.PROTECT, related_name="shops", verbose_name=_("app"))
    number = models.PositiveBigIntegerField(_("shop number"), help_text=_("The shop's number on the platform."))
    account = models.OneToOneField(Account, models.PROTECT, related_name="shop", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=100)
    greeting = models.CharField(_("greeting"), max_length=500, default=DEFAULT_GREETING)
    fallback = models.CharField(
        _("fallback"),
        max_length=500,
        default=DEFAULT_FALLBACK,
        help_text=_("What the robot says when it finds no answer."),
    )
    suggestion = models.CharField(
        _("suggestion"),
        max_length=500,
        default=DEFAULT_SUGGESTION,
        help_text=_("What the robot says above up to three questions when it is unsure which one is meant."),
    )
    synonyms = models.TextField(
        _("synonyms"),
        blank=True,
        max_length=20000,
        help_text=_(
            "Words that mean the same in this shop, besides those that are known: one group a line, with blanks."
        ),
    )
    speaks = models.CharField(
        _("when the robot speaks by itself"),
        max_length=16,
        choices=Speaks.choices,
        default=Speaks.NEVER,
        help_text=_(
            "It then answers what customers write to the shop. "
            "In a conversation in which somebody of the shop has written it says nothing."
        ),
    )
    hours = models.TextField(
        _("hours"),
        blank=True,
        default="",
        max_length=1000,
        validators=[check_hours],
        help_text=_(
            "When people are there, one line for some days of the week, such as “Mon-Fri 9:00-12:00 13:30-18:00”, "
            "or “9:00-21:00” for each day. Empty: always."
        ),
    )
    time_zone = models.CharField(
        _("time zone"),
        blank=True,
        default="",
        max_length=64,
        validators=[check_zone],
        help_text=_("Of the hours, such as Asia/Shanghai. Empty: the server's."),
    )
    quiet_minutes = models.PositiveIntegerField(
        _("minutes of quiet"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_QUIET)],
        help_text=_(
            "Once somebody of the shop has written, or the robot has handed over, it stays silent "
            "until nobody has written anything in that conversation for so long."
        ),
    )
    handover = models.CharField(
        _("handing over"),
        max_length=500,
        default=DEFAULT_HANDOVER,
        help_text=_("What the robot says when the customer wants a person, or when it has not understood twice."),
    )
    away = models.CharField(
        _("when people are back"),
        blank=True,
        max_length=500,
        default=DEFAULT_AWAY,
        help_text=_("What it adds outside of the hours; {time} is when they begin. Empty: nothing."),
    )
    guests = models.BooleanField(
        _("guests"),
        default=False,
        help_text=_("Visitors of sites with the widget may write to the shop without an account."),
    )
    version = models.PositiveBigIntegerField(
        default=new_version,
        editable=False,
        help_text="Another one after each change of the shop or its questions: robots keep them in memory until then.",
    )
    stale = models.BooleanField(
        default=True, editable=False, help_text="Some process should prepare its questions, which have changed."
    )
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        constraints: ClassVar = [models.UniqueConstraint(fields=["app", "number"], name="one_shop_of_a_number")]
        indexes: ClassVar = [
            models.Index(fields=["account"], condition=~models.Q(speaks=Speaks.NEVER), name="shop_speaks"),
            models.Index(fields=["id"], condition=models.Q(stale=True), name="shop_stale"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> str:
        """The name of the time zone of its hours."""
        return self.time_zone or settings.TIME_ZONE

    @property
    def week(self) -> Hours:
        """Its hours."""
        return hours(self.hours)

    def save(self, **kwargs: Any) -> None:
        self.version, self.stale = new_version(), True
        super().save(**kwargs)


class FaqQuerySet(models.QuerySet["Faq"]):
    """Changes of many questions at once tell their shops' robots, as saving one does."""

    def update(self, **values: Any) -> int:
        with transaction.atomic(using=self.db):
            shops = set(self.order_by().values_list("shop", flat=True))
            count = super().update(**values)
            changed(shops, self.db)
        return count

    def delete(self) -> tuple[int, dict[str, int]]:
        # One by one, as Django deletes what has signals, each of them would tell the robot.
        with transaction.atomic(using=self.db):
            shops = set(self.order_by().values_list("shop", flat=True))
            count = self.order_by()._raw_delete(self.db)
            changed(shops, self.db)
        return count, {Faq._meta.label: count}

    def bulk_create(self, objs: Iterable["Faq"], *args: Any, **kwargs: Any) -> list["Faq"]:
        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **kwargs)
            changed({faq.shop_id for faq in made}, self.db)
        return made


def changed(shops: Iterable[int], using: str) -> None:
    """The questions of these shops are not what they were."""
    for shop in shops:
        Shop.objects.using(using).filter(pk=shop).update(version=new_version(), stale=True)


class Faq(models.Model):
    """A question that customers ask, with the shop's answer."""

    APP = "shop__app"
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="faqs", verbose_name=_("shop"))
    number = models.PositiveIntegerField(
        _("question number"),
        help_text=_("Unique within the shop; clients ask by it. Leave empty for the next free one."),
    )
    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"), max_length=2000)
    phrasings = models.TextField(
        _("other phrasings"), blank=True, max_length=10000, help_text=_("How customers ask it, too: one a line.")
    )
    keywords = models.TextField(
        _("keywords"),
        blank=True,
        max_length=2000,
        help_text=_("Whoever uses all the words of a line asks this: one set of words a line, with blanks."),
    )
    exclusions = models.TextField(
        _("exclusions"),
        blank=True,
        max_length=2000,
        help_text=_("Whoever uses one of these words asks something else."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    enabled = models.BooleanField(_("enabled"), default=True)

    objects = FaqQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar = ["position", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["shop", "number"], name="one_question_of_a_number")]

    def __str__(self) -> str:
        return self.question


class QuickReply(models.Model):
    """What a shop's people often write, kept for their box under a short name."""

    APP = "shop__app"
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="quick_replies", db_index=False, verbose_name=_("shop"))
    shortcut = models.CharField(
        _("shortcut"),
        max_length=32,
        validators=[RegexValidator(SHORTCUT, _("A shortcut has no blanks and no slashes."))],
        help_text=_("What is typed after / in the box."),
    )
    text = models.TextField(_("text"), max_length=2000, help_text=_("{name} stands for the customer's name."))

    class Meta:
        verbose_name = _("quick reply")
        verbose_name_plural = _("quick replies")
        ordering: ClassVar = ["shortcut"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["shop", "shortcut"], name="one_reply_of_a_shortcut")]

    def __str__(self) -> str:
        return f"/{self.shortcut}"
