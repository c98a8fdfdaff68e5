"""Chat tokens for people: account and password are sent once over HTTP, and pages sign in with the token.

A page that asks to be remembered gets a cookie besides, which no script can read and which is good for tokens alone.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from asgiref.sync import async_to_sync
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import tokens
from accounts.api.fields import Text, YesNo
from accounts.api.problems import Problem, of_refusal
from accounts.api.views import given
from accounts.refusals import Refusal
from accounts.sign_in import Candidate
from chat.doors import limits
from chat.protocol.requests import LoginData
from chat.protocol.words import WORDS
from chat.queries.sign_in import proved

COOKIE_PATH = "/api/tokens/kept/"


class Who(serializers.Serializer[Any]):
    appid = Text(max_length=64)
    account = Text(max_length=64)


class SignIn(Who):
    password = Text(max_length=128, trim_whitespace=False)
    keep = YesNo(default=False, help_text="Set a cookie for 14 days, with which `/api/tokens/kept/` gives new tokens.")


class ChatToken(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Signs sockets in, and is what uploads are sent with.")
    expires_at = serializers.DateTimeField()


class PublicView(APIView):
    """For people who have nothing to show yet but what stands in the request."""

    authentication_classes = ()
    permission_classes = ()


class Tokens(PublicView):
    """A chat token for somebody who knows an account's password, as often as signing in is allowed."""

    @extend_schema(summary="Sign in on a page", request=SignIn, responses=ChatToken, auth=[])
    def post(self, request: Request) -> Response:
        """A chat token, good for 30 minutes. For people: an app's own server makes tokens for its accounts instead."""
        asked = given(SignIn, request.data)
        login = LoginData(account=asked["account"], password=asked["password"])
        try:
            account = async_to_sync(_proved)(_address(request), asked["appid"], login)
        except Refusal as refusal:
            raise in_words(refusal) from None
        response = _with_token(account)
        if asked["keep"]:
            _keep(request, response, account, _cookie(asked["appid"], asked["account"]))
        return response


class KeptTokens(PublicView):
    """A new chat token for a browser that keeps a sign-in. Nothing here can be done for it by other sites' pages."""

    @extend_schema(summary="Renew a token on a page", request=Who, responses=ChatToken, auth=[])
    def post(self, request: Request) -> Response:
        """A chat token for the account, if this browser keeps its sign-in in a cookie, which is renewed as well."""
        cookie = _cookie(**given(Who, request.data))
        try:
            limits.sign_ins.take(_address(request))
            account = tokens.kept(request.COOKIES.get(cookie, ""))
        except Refusal as refusal:
            raise in_words(refusal) from None
        response = _with_token(account)
        _keep(request, response, account, cookie)
        return response

    @extend_schema(summary="Sign out on a page", parameters=[Who], responses={204: None}, auth=[])
    def delete(self, request: Request) -> Response:
        """The browser keeps the account's sign-in no longer."""
        response = Response(status=204)
        cookie = _cookie(**given(Who, request.query_params.dict()))
        response.delete_cookie(cookie, path=COOKIE_PATH, samesite="Strict")
        return response


def _address(request: Request) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


async def _proved(address: str, appid: str, login: LoginData) -> Candidate:
    """What signing in on a socket counts and checks, on the event loop as there."""
    limits.sign_ins.take(address)
    return await proved(address, appid, login)


def _with_token(account: tokens.Proved) -> Response:
    expires_at = datetime.now(UTC).replace(microsecond=0) + tokens.LIFETIME
    return Response(ChatToken({"token": tokens.issue(account), "expires_at": expires_at}).data)


def _keep(request: Request, response: Response, account: tokens.Proved, cookie: str) -> None:
    response.set_cookie(
        cookie,
        tokens.keep(account),
        max_age=tokens.KEPT_LIFETIME,
        path=COOKIE_PATH,
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )


def _cookie(appid: str, account: str) -> str:
    """Each account has a cookie of its own, so that several can be signed in side by side in one browser."""
    return "chat-" + hashlib.sha256(f"{appid}\0{account}".encode()).hexdigest()[:20]


def in_words(refusal: Refusal) -> Problem:
    """The problem, with the words that clients show to people."""
    problem = of_refusal(refusal)
    problem.detail = WORDS[refusal.reason]
    return problem
