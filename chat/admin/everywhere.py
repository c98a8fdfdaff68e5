"""What the search over all of the admin finds by names: shops, accounts and conversations that somebody may see."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from unfold.dataclasses import SearchResult

from accounts.models import Account
from chat.admin.sides import Named
from chat.models import Conversation
from robots.models import Shop

OF_A_KIND = 5


def found(request: HttpRequest, text: str) -> Iterator[SearchResult]:
    """As each of their lists finds them, a few of each."""
    for shop in _rows(request, Shop, text):
        page = reverse("admin:robots_shop_change", args=[shop.pk])
        yield SearchResult(shop.name, str(Shop._meta.verbose_name), page, "storefront")
    for account in _rows(request, Account, text, "app"):
        page = reverse("admin:accounts_account_change", args=[account.pk])
        name = " · ".join(dict.fromkeys((account.shown_name, account.name, account.app.name)))
        yield SearchResult(name, str(Account._meta.verbose_name), page, "person")
    if request.user.has_perm("chat.view_message"):
        for talk in _rows(request, Conversation, text, "owner__shop", "peer__shop"):
            page = reverse("admin:chat_conversation_talk", args=[talk.pk])
            yield SearchResult(str(Named(talk)), str(Conversation._meta.verbose_name), page, "forum")


def _rows(request: HttpRequest, model: type[Model], text: str, *related: str) -> Iterable[Any]:
    its_admin = admin.site.get_model_admin(model)
    if not its_admin.has_view_permission(request):
        return ()
    rows, _ = its_admin.get_search_results(request, its_admin.get_queryset(request), text)
    return rows.select_related(*related).order_by("-pk")[:OF_A_KIND]
