"""`GET /api/asyncapi.json`: what is said on the socket, for programs that read AsyncAPI."""

from django.http import HttpRequest, HttpResponse
from django.views import View

from chat.protocol.asyncapi import document


class AsyncApi(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(document(), content_type="application/json")
