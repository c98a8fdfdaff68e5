"""What the desk of a shop's people needs: the shop's answers at hand, and what they often write."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import Text
from accounts.api.people import PersonView
from accounts.api.problems import Code, Problem
from accounts.api.views import given
from robots.models import SHORTCUT, QuickReply, Shop

MOST_REPLIES = 500


class Answer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    question = serializers.CharField()
    answer = serializers.CharField()


class Reply(serializers.Serializer[Any]):
    shortcut = Text(
        validators=[RegexValidator(SHORTCUT)],
        max_length=32,
        help_text="What is typed after `/`: without blanks, unique in the shop.",
    )
    text = Text(max_length=2000, help_text="What goes into the box; `{name}` stands for the customer's name.")


class ReplyShown(Reply):
    id = serializers.IntegerField()


class ShopPersonView(PersonView):
    """A view for whoever speaks for a shop."""

    @property
    def shop(self) -> Shop:
        """The shop of the account; `Problem` with `no_shop` if it speaks for none."""
        shop = Shop.objects.filter(account=self.account, enabled=True).first()
        if shop is None:
            raise Problem(Code.NO_SHOP)
        return shop


class Answers(ShopPersonView):
    @extend_schema(
        summary="Answers at hand", responses=inline_serializer("AnswersAtHand", {"questions": Answer(many=True)})
    )
    def get(self, request: Request) -> Response:
        """The enabled questions of the signed-in account's shop, in the shop's order."""
        return Response({"questions": Answer(self.shop.faqs.filter(enabled=True), many=True).data})


class QuickReplies(ShopPersonView):
    @extend_schema(
        summary="List quick replies", responses=inline_serializer("QuickReplies", {"replies": ReplyShown(many=True)})
    )
    def get(self, request: Request) -> Response:
        """Those of the signed-in account's shop, by their shortcuts."""
        return Response({"replies": ReplyShown(self.shop.quick_replies.all(), many=True).data})

    @extend_schema(summary="Add a quick reply", request=Reply, responses={201: ReplyShown})
    def post(self, request: Request) -> Response:
        """Everybody who speaks for the shop has it from now on."""
        reply = QuickReply(shop=self.shop, **given(Reply, request.data))
        if reply.shop.quick_replies.count() >= MOST_REPLIES:
            raise serializers.ValidationError({"shortcut": [_("The shop has as many as it can have.")]}, "too_many")
        return Response(ReplyShown(_saved(reply)).data, 201)


class OneQuickReply(ShopPersonView):
    def reply(self, number: int) -> QuickReply:
        """The shop's own reply of that id."""
        reply = self.shop.quick_replies.filter(pk=number).first()
        if reply is None:
            raise Problem(Code.NOT_FOUND)
        return reply

    @extend_schema(summary="Change a quick reply", request=Reply, responses=ReplyShown)
    def put(self, request: Request, number: int) -> Response:
        """Shortcut and text are replaced."""
        reply = self.reply(number)
        wanted = given(Reply, request.data)
        reply.shortcut, reply.text = wanted["shortcut"], wanted["text"]
        return Response(ReplyShown(_saved(reply)).data)

    @extend_schema(summary="Remove a quick reply", responses={204: None})
    def delete(self, request: Request, number: int) -> Response:
        """Nobody in the shop has it any more."""
        self.reply(number).delete()
        return Response(status=204)


def _saved(reply: QuickReply) -> QuickReply:
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError:
        raise serializers.ValidationError({"shortcut": [_("Another quick reply has it.")]}, "taken") from None
    return reply
