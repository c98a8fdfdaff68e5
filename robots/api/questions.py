"""A shop's questions over HTTP."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import Text, Whole, YesNo
from accounts.api.views import given
from accounts.models import Scope
from robots import room
from robots.api.shops import ShopView
from robots.models import Faq, Shop
from robots.rows import MOST_QUESTIONS

LARGEST = 2**31 - 1


class Question(serializers.Serializer[Any]):
    number = Whole(min_value=1, max_value=LARGEST, help_text="Unique within the shop.")
    question = Text(max_length=200)
    answer = Text(max_length=2000)
    phrasings = Text(
        max_length=10000, allow_blank=True, required=False, help_text="How customers ask it, too: one a line."
    )
    keywords = Text(
        max_length=2000,
        allow_blank=True,
        required=False,
        help_text="Whoever uses all the words of a line asks this: one set of words a line, with blanks.",
    )
    exclusions = Text(
        max_length=2000,
        allow_blank=True,
        required=False,
        help_text="Whoever uses one of these words asks another thing.",
    )
    disabled = YesNo(default=False)


class QuestionList(serializers.ListSerializer[Any]):
    child = Question()

    def validate(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        numbers = [row["number"] for row in rows]
        if len(set(numbers)) < len(numbers):
            raise serializers.ValidationError(_("Two questions have the same number."), "repeated")
        return rows


ALSO_FOUND_BY = ("phrasings", "keywords", "exclusions")
"""By what the robot finds a question besides its own words."""

QUESTIONS = inline_serializer("Questions", {"questions": Question(many=True)})


class QuestionSet(serializers.Serializer[Any]):
    questions = QuestionList(max_length=MOST_QUESTIONS)


class Questions(ShopView):
    scopes: ClassVar = {"GET": Scope.SHOPS_READ, "PUT": Scope.SHOPS_WRITE}

    @extend_schema(summary="Read a shop's questions", responses=QUESTIONS)
    def get(self, request: Request, number: int) -> Response:
        """In the order of the robot's menu."""
        return Response(_shown(self.shop(number)))

    @extend_schema(summary="Replace a shop's questions", request=QUESTIONS, responses=QUESTIONS)
    def put(self, request: Request, number: int) -> Response:
        """The robot's whole set, in the order of its menu. Questions that are left out are removed.

        Their texts have no more than 3,000,000 letters in all.

        Of those that keep their number phrasings, keywords and exclusions stay where the request has none.
        """
        shop = self.shop(number)
        rows = given(QuestionSet, request.data)["questions"]
        with transaction.atomic():
            replace_questions(shop, rows)
            shown = _shown(shop)
        return Response(shown)


def replace_questions(shop: Shop, rows: Sequence[dict[str, Any]]) -> None:
    """Let the shop have these questions and no others, at once; those that keep their number keep their row.

    Raises `ValidationError` if that is too much text.
    """
    with transaction.atomic():
        # Two who replace the same set at once do so one after the other.
        shop = Shop.objects.select_for_update().get(pk=shop.pk)
        letters = room.letters(shop.faqs.all())
        before = {faq.number: faq for faq in shop.faqs.all()}
        kept = {row["number"] for row in rows}
        shop.faqs.filter(number__in=before.keys() - kept).delete()
        fresh = []
        for position, row in enumerate(rows):
            values = {
                "question": row["question"],
                "answer": row["answer"],
                "position": position,
                "enabled": not row["disabled"],
                **{field: row[field] for field in ALSO_FOUND_BY if field in row},
            }
            faq = before.get(row["number"])
            if faq is None:
                fresh.append(Faq(shop=shop, number=row["number"], **values))
            elif any(getattr(faq, field) != value for field, value in values.items()):
                for field, value in values.items():
                    setattr(faq, field, value)
                faq.save()
        Faq.objects.bulk_create(fresh)
        if room.is_too_small(letters, room.letters(shop.faqs.all())):
            raise serializers.ValidationError({"questions": [room.too_small()]}, "max_length")
        shop.save()


def _shown(shop: Shop) -> dict[str, Any]:
    faqs = shop.faqs.all()
    return {
        "questions": [
            {
                "number": faq.number,
                "question": faq.question,
                "answer": faq.answer,
                **{field: getattr(faq, field) for field in ALSO_FOUND_BY},
                "disabled": not faq.enabled,
            }
            for faq in faqs
        ]
    }
