"""The admin as a whole: what its pages may do, and the suggestions under its inputs."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from chatproject.headers import themed


class Suggestions(AutocompleteJsonView):
    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """Let a model's admin say more than its name, where names repeat."""
        shown = getattr(self.model_admin, "suggestion", str)
        return {**super().serialize_result(obj, to_field_name), "text": shown(obj)}


class ChatAdminSite(UnfoldAdminSite):
    index_title = _("Administration")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        checked: Callable[..., Any] = super().admin_view(view, cacheable)
        return themed(checked)

    @method_decorator(themed)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Models can't be imported yet when Django loads this module to find the site.
        from chatproject.signing_in import SignInForm

        self.login_form = SignInForm
        answer: HttpResponse = super().login(request, extra_context)
        return answer

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The first page, with what whoever asks has changed lately."""
        # Models can't be imported yet when Django loads this module to find the site.
        from accounts.admin.deeds import lately
        from accounts.admin.links import lead

        assert request.user.is_authenticated
        entries = lately(request.user)
        lead(request, entries)
        page: HttpResponse = super().index(request, {"lately": entries, **(extra_context or {})})
        return page

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page shows; to whom none shows anything the pages say why."""
        from robots.staff import shopless

        return {**super().each_context(request), "shopless": shopless(request.user)}

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What Ctrl+K finds: lists by their titles, and by their names what stands in them."""
        from chat.admin.everywhere import found

        text = request.GET.get("s", "").replace("\0", "").strip()
        results = [*self._search_apps(self.get_app_list(request), text.lower()), *found(request, text)] if text else []
        return TemplateResponse(request, "unfold/helpers/command_results.html", {"results": results, "text": text})

    def extra_urls(self) -> list[URLPattern]:
        """Pages about several apps' things at once."""
        # Models can't be imported yet when Django loads this module to find the site.
        from chat.admin.devices import sockets

        page = self.admin_view(sockets)
        return [path("accounts/account/<int:account_id>/sockets/", page, name="accounts_account_sockets")]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return Suggestions.as_view(admin_site=self)(request)


class AdminConfig(DjangoAdminConfig):
    default_site = "chatproject.admin_site.ChatAdminSite"
