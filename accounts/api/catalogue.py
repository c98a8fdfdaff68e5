"""What can be said of the interface to anybody: its problems, and that there is nothing at an address."""

from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.problems import KINDS, TYPE, Code, Problem

LARGEST = 2**63 - 1


class Number:
    """Numbers in paths, as large as the database keeps them."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        return str(value)


class ProblemKind(serializers.Serializer[Any]):
    type = serializers.CharField()
    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()


class Problems(APIView):
    authentication_classes = ()
    permission_classes = ()

    @extend_schema(summary="List all problems", responses=ProblemKind(many=True), auth=[])
    def get(self, request: Request) -> Response:
        """Every way in which this interface says no, with the code that stays what it is."""
        return Response(
            [
                {"type": f"{TYPE}{code}", "code": code.value, "status": kind.status, "title": kind.title}
                for code, kind in KINDS.items()
            ]
        )


@extend_schema(exclude=True)
class NoSuchPlace(APIView):
    """Any other address."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise Problem(Code.NOT_FOUND)
