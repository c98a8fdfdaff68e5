"""Uploads: answered in the form that the chat's clients know, `code` 0 or 2, whatever becomes of them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import problems, views
from accounts.api.authentication import AppKeyAuthentication, ChatTokenAuthentication, person
from accounts.api.problems import Code
from accounts.models import Account, App, AppKey, Scope
from chat.doors import limits
from chat.models import Upload
from chat.uploads.asking import ASKER, Asker
from chat.uploads.keeping import keep
from chat.uploads.refused import UploadRefused, Why

REFUSED: dict[Why, tuple[int, str]] = {
    Why.MISSING: (400, "请选择要上传的文件"),
    Why.KIND: (400, "不支持上传该类型的文件"),
    Why.EMPTY: (400, "文件是空的"),
    Why.TOO_LARGE: (413, "文件太大"),
    Why.NOT_OF_KIND: (415, "不支持这种格式的文件"),
    Why.BROKEN: (422, "文件已损坏，无法识别"),
    Why.TOO_MANY_PIXELS: (422, "图片尺寸太大"),
}
"""The status and the words with which each is told."""

WORDS: dict[Code, str] = {
    Code.KEY_MISSING: "请先登录",
    Code.KEY_INVALID: "登录已过期，请重新登录",
    Code.ACCOUNT_DISABLED: "账号已停用",
    Code.SCOPE_MISSING: "没有上传权限",
    Code.TOO_MANY_REQUESTS: "上传太频繁，请稍后再试",
    Code.INVALID_REQUEST: "请求参数有误",
    Code.INVALID_JSON: "请求参数有误",
    Code.UNSUPPORTED_MEDIA_TYPE: "请求参数有误",
    Code.TOO_LARGE: "文件太大",
    Code.UNAVAILABLE: "服务暂时不可用，请稍后再试",
}
OTHER_WORDS = "上传失败，请稍后再试"


class MayUpload(BasePermission):
    """A person, or an app key with the scope."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if isinstance(request.auth, AppKey):
            return Scope.UPLOADS_WRITE in request.auth.scopes
        return person(request) is not None


class NewUpload(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Upload.Kind.choices)
    file = serializers.FileField()


class UploadData(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="Relative to the server's root: what message bodies name it by.")
    size = serializers.IntegerField(help_text="Bytes of what is kept.")
    preview = serializers.CharField(required=False, help_text="A small picture of an image.")
    cover = serializers.CharField(required=False, help_text="A picture of a video.")
    width = serializers.IntegerField(required=False)
    height = serializers.IntegerField(required=False)
    name = serializers.CharField(
        required=False, help_text="The sender's name of a file, made safe: it is downloaded under it."
    )


class Refused(serializers.Serializer[Any]):
    code = serializers.IntegerField(default=2)
    msg = serializers.CharField()
    reason = serializers.CharField()


Uploaded = inline_serializer("Uploaded", {"code": serializers.IntegerField(default=0), "data": UploadData()})


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that says no."""

    status: int
    data: dict[str, Any]
    headers: dict[str, str]


def told(error: Exception) -> Told:
    """What is said of whatever went wrong."""
    if isinstance(error, UploadRefused):
        status, words = REFUSED[error.why]
        return Told(status, {"code": 2, "msg": words, "reason": error.why.value}, {})
    problem = problems.of(error)
    words = WORDS.get(problem.code, OTHER_WORDS)
    answer = problems.answer(problem)
    headers = {name: answer[name] for name in ("Retry-After", "WWW-Authenticate") if name in answer}
    return Told(problem.status, {"code": 2, "msg": words, "reason": problem.code.value}, headers)


class Uploads(APIView):
    """One file, of `kind` image, audio, video or file, from a person or from the app's own server."""

    authentication_classes = (ChatTokenAuthentication, AppKeyAuthentication)
    permission_classes = (MayUpload,)
    parser_classes = (MultiPartParser,)

    def admitted(self, asked: HttpRequest) -> "AppKey | Account":
        """Who asks, if they may upload now; raises what this view would answer. Counts nothing."""
        request = self.initialize_request(asked)
        self.check_permissions(request)
        if isinstance(request.auth, AppKey):
            views.requests.check(request.auth.pk)
            return request.auth
        account = person(request)
        assert account is not None
        limits.uploads.check(account.pk)
        return account

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        if isinstance(request.auth, AppKey):
            views.requests.take(request.auth.pk)
        elif (account := person(request)) is not None:
            limits.uploads.take(account.pk)

    @extend_schema(
        summary="Upload a file",
        request={"multipart/form-data": NewUpload},
        responses={200: Uploaded, "4XX": Refused, "5XX": Refused},
    )
    def post(self, request: Request) -> Response:
        """Message bodies name it by its `url`. Pictures come out upright, without their place, and with a preview."""
        app, account = _whose(request)
        asker: Asker | None = request._request.scope.get(ASKER)  # type: ignore[attr-defined]
        kept = keep(app=app, account=account, kind=_kind(request), file=_file(request), asker=asker)
        return Response({"code": 0, "data": {"url": kept.url, "size": kept.size, **kept.more}})

    def handle_exception(self, exc: Exception) -> Response:
        said = told(exc)
        headers = dict(said.headers)
        if isinstance(exc, MethodNotAllowed):
            headers["Allow"] = ", ".join(self.allowed_methods)
        return Response(said.data, said.status, headers=headers)


def _whose(request: Request) -> tuple[App, Account | None]:
    if isinstance(request.auth, AppKey):
        return request.auth.app, None
    account = person(request)
    assert account is not None
    return account.app, account


def _kind(request: Request) -> Upload.Kind:
    try:
        return Upload.Kind(str(request.POST.get("kind", "")))
    except ValueError:
        raise UploadRefused(Why.KIND) from None


def _file(request: Request) -> Any:
    file = request.FILES.get("file")
    if file is None:
        raise UploadRefused(Why.MISSING)
    return file
