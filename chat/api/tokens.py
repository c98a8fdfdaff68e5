"""Chat tokens for people: account and password are sent once over HTTP, and pages sign in with the token."""

from datetime import UTC, datetime
from typing import Any

from asgiref.sync import async_to_sync
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import tokens
from accounts.api.problems import Problem, of_refusal
from accounts.api.views import given
from accounts.models import Account
from accounts.refusals import Refusal
from chat import limits
from chat.protocol.requests import LoginData
from chat.protocol.words import WORDS
from chat.queries.sign_in import proved


class SignIn(serializers.Serializer[Any]):
    appid = serializers.CharField(max_length=64)
    account = serializers.CharField(max_length=64)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class ChatToken(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Signs sockets in, and is what uploads are sent with.")
    expires_at = serializers.DateTimeField()


class Tokens(APIView):
    """A chat token for somebody who knows an account's password, as often as signing in is allowed."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(summary="Sign in on a page", request=SignIn, responses=ChatToken, auth=[])
    def post(self, request: Request) -> Response:
        """A chat token, good for 30 minutes. For people: an app's own server makes tokens for its accounts instead."""
        asked = given(SignIn, request.data)
        login = LoginData(account=asked["account"], password=asked["password"])
        try:
            account = async_to_sync(_proved)(request.META.get("REMOTE_ADDR", ""), asked["appid"], login)
        except Refusal as refusal:
            raise in_words(refusal) from None
        expires_at = datetime.now(UTC).replace(microsecond=0) + tokens.LIFETIME
        return Response(ChatToken({"token": tokens.issue(account), "expires_at": expires_at}).data)


async def _proved(address: str, appid: str, login: LoginData) -> Account:
    """What signing in on a socket counts and checks, on the event loop as there."""
    limits.sign_ins.take(address)
    return await proved(address, appid, login)


def in_words(refusal: Refusal) -> Problem:
    """The problem, with the words that clients show to people."""
    problem = of_refusal(refusal)
    problem.detail = WORDS[refusal.reason]
    return problem
