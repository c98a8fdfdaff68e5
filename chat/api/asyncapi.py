"""`GET /api/asyncapi.json`: what is said on the socket, for programs that read AsyncAPI."""

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from chat.protocol.asyncapi import document


@method_decorator(csrf_exempt, name="dispatch")
class AsyncApi(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(document(), content_type="application/json")
