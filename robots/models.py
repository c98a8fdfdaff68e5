"""Shops, the questions of which their robots know the answer or none, and what their people often write."""

import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, App

DEFAULT_GREETING = "亲，很高兴为您服务，请问您要咨询什么问题呢？"
DEFAULT_FALLBACK = "亲，这个问题我还不太明白，请稍等，客服看到后会尽快回复您。"
DEFAULT_SUGGESTION = "亲，您想问的是下面哪个问题呢？"
SHORTCUT = r"^[^\s/]+$"


def new_version() -> int:
    """A number that no earlier state of a shop's questions had."""
    return secrets.randbits(62)


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
    version = models.PositiveBigIntegerField(
        default=new_version,
        editable=False,
        help_text="Another one after each change of the shop or its questions: robots keep them in memory until then.",
    )
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        constraints: ClassVar = [models.UniqueConstraint(fields=["app", "number"], name="one_shop_of_a_number")]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        self.version = new_version()
        super().save(**kwargs)


class FaqQuerySet(models.QuerySet["Faq"]):
    """Changes of many questions at once tell their shops' robots, as saving one does."""

    def update(self, **values: Any) -> int:
        with transaction.atomic(using=self.db):
            shops = set(self.order_by().values_list("shop", flat=True))
            count = super().update(**values)
            changed(shops, self.db)
        return count

    def bulk_create(self, objs: Iterable["Faq"], *args: Any, **kwargs: Any) -> list["Faq"]:
        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **kwargs)
            changed({faq.shop_id for faq in made}, self.db)
        return made


def changed(shops: Iterable[int], using: str) -> None:
    """The questions of these shops are not what they were."""
    for shop in shops:
        Shop.objects.using(using).filter(pk=shop).update(version=new_version())


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


class UnansweredQuestion(models.Model):
    """What a customer asked and the robot found no answer to."""

    APP = "shop__app"
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="unanswered", db_index=False, verbose_name=_("shop"))
    asker = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("customer"))
    text = models.CharField(_("question"), max_length=500)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    settled = models.BooleanField(_("settled"), default=False)

    class Meta:
        verbose_name = _("unanswered question")
        verbose_name_plural = _("unanswered questions")
        indexes: ClassVar = [
            models.Index(fields=["shop", "id"], name="unanswered_of_shop"),
            models.Index(fields=["id"], condition=models.Q(settled=False), name="unanswered_unsettled"),
        ]

    def __str__(self) -> str:
        return self.text
