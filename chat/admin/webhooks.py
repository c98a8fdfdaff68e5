"""Webhooks: where a platform's server is told what happens, and what came of it."""

from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminURLInputWidget

from accounts.admin.deeds import note, note_look
from accounts.admin.lists import FewChoices, NewestFirstAdmin, ReadOnlyAdmin
from chat.webhooks import claims, deliverer, outbox
from chat.webhooks.addresses import is_public
from chat.webhooks.models import Delivery, Endpoint, Kind
from chat.webhooks.signing import new_secret

OLD_SECRET_HOLDS = timedelta(hours=24)
WHY = {
    claims.SWITCHED_OFF: _("The webhook was off for a day."),
    "timeout": _("No answer came in time."),
    "private address": _("The address is a private one (WEBHOOKS_PRIVATE)."),
}
"""What a delivery failed of, in words; anything else stands as it is kept."""
STATE = ("failing_since", "disabled_at", "disabled_because", "created_at")


class EndpointForm(forms.ModelForm):
    url = forms.URLField(
        label=capfirst(_("address")), max_length=500, assume_scheme="https", widget=UnfoldAdminURLInputWidget
    )
    kinds = forms.MultipleChoiceField(
        label=capfirst(_("events")), choices=Kind.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = Endpoint
        fields: ClassVar = ["app", "url", "kinds", "enabled"]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.username or parts.password:
            raise forms.ValidationError(gettext("An address with http or https, without a user name."))
        try:
            private = not is_public(parts.hostname or "")
        except ValueError:
            private = parts.hostname == "localhost"
        if private and not settings.WEBHOOKS_PRIVATE:
            raise forms.ValidationError(gettext("Webhooks don't go to private addresses (WEBHOOKS_PRIVATE)."))
        return url


@admin.register(Endpoint)
class EndpointAdmin(NewestFirstAdmin):
    form = EndpointForm
    change_form_template = "admin/chat/endpoint/change_form.html"
    list_display = ("url", "app", "enabled", "failing_since", "disabled_because", "created_at", "deliveries")
    list_filter = (("app", FewChoices),)
    list_select_related = ("app",)
    autocomplete_fields = ("app",)

    def get_urls(self) -> list[URLPattern]:
        test, rotate = (self.admin_site.admin_view(view) for view in (self.test, self.rotate))
        return [
            path("<int:endpoint_id>/test/", test, name="chat_endpoint_test"),
            path("<int:endpoint_id>/rotate/", rotate, name="chat_endpoint_rotate"),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> tuple[str, ...]:
        first = ("app", "url", "kinds", "enabled")
        secret = ("shown_secret",) if self.has_change_permission(request, obj) else ()
        return (*first, *secret, *STATE) if obj else first

    def get_readonly_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> tuple[str, ...]:
        return ("app", "shown_secret", *STATE) if obj else ()

    @admin.display(description=_("secret"))
    def shown_secret(self, endpoint: Endpoint) -> str:
        return format_html("<code>{}</code>", endpoint.secret)

    @admin.display(description=_("deliveries"))
    def deliveries(self, endpoint: Endpoint) -> str:
        page = f"{reverse('admin:chat_delivery_changelist')}?endpoint__id__exact={endpoint.pk}"
        return format_html('<a href="{}">{}</a>', page, _("deliveries"))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        endpoint = context.get("original")
        if endpoint is not None and self.has_change_permission(request, endpoint):
            note_look(request, [endpoint], _("Saw the secret."))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        if change and obj.enabled and {"enabled", "url"} & set(form.changed_data):
            claims.resume(obj)
        elif change and "enabled" in form.changed_data:
            obj.disabled_at = timezone.now()
        super().save_model(request, obj, form, change)
        transaction.on_commit(deliverer.changed)

    def delete_model(self, request: HttpRequest, obj: Endpoint) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(deliverer.changed)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        super().delete_queryset(request, queryset)
        transaction.on_commit(deliverer.changed)

    def test(self, request: HttpRequest, endpoint_id: int) -> HttpResponseBase:
        """Send something that means nothing."""
        endpoint = self._asked_to_change(request, endpoint_id)
        if isinstance(endpoint, HttpResponseBase):
            return endpoint
        if not endpoint.enabled:
            messages.warning(request, gettext("Nothing is sent: the webhook is switched off."))
            return redirect("admin:chat_endpoint_change", endpoint.pk)
        outbox.test(endpoint)
        note(request, [endpoint], _("Sent a test."))
        deliverer.wake()
        messages.success(request, gettext("A test is on its way: what comes of it stands among the deliveries."))
        return redirect(f"{reverse('admin:chat_delivery_changelist')}?endpoint__id__exact={endpoint.pk}")

    def rotate(self, request: HttpRequest, endpoint_id: int) -> HttpResponseBase:
        """A new secret; for a day everything is signed with the old one too."""
        endpoint = self._asked_to_change(request, endpoint_id)
        if isinstance(endpoint, HttpResponseBase):
            return endpoint
        endpoint.old_secret, endpoint.secret = endpoint.secret, new_secret()
        endpoint.old_secret_until = timezone.now() + OLD_SECRET_HOLDS
        endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
        note(request, [endpoint], _("New secret."))
        messages.success(request, gettext("The secret is new. For 24 hours the old one signs too."))
        return redirect("admin:chat_endpoint_change", endpoint.pk)

    def _asked_to_change(self, request: HttpRequest, endpoint_id: int) -> Endpoint | HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        endpoint: Endpoint = self.row(request, endpoint_id, "app")
        if not self.has_change_permission(request, endpoint):
            raise PermissionDenied
        return endpoint


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What endpoints were told, or are still to be told."""

    change_form_template = "admin/chat/delivery/change_form.html"
    list_display = ("name", "endpoint", "kind", "state", "attempts", "status", "why", "created_at", "finished_at")
    list_filter = (("endpoint", FewChoices),)
    fields = (*list_display, "due_at", "body")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Those of endpoints that there are: what others were told is about to be forgotten."""
        return super().get_queryset(request).select_related("endpoint")

    def get_urls(self) -> list[URLPattern]:
        resend = self.admin_site.admin_view(self.resend)
        return [path("<int:delivery_id>/resend/", resend, name="chat_delivery_resend"), *super().get_urls()]

    @admin.display(description=_("error"), ordering="error")
    def why(self, delivery: Delivery) -> str:
        return str(WHY.get(delivery.error, delivery.error))

    def resend(self, request: HttpRequest, delivery_id: int) -> HttpResponseBase:
        """Deliver it once more."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("chat.change_delivery"):
            raise PermissionDenied
        delivery: Delivery = self.row(request, delivery_id)
        if not delivery.endpoint.enabled:
            messages.warning(request, gettext("Nothing is sent: the webhook is switched off."))
        elif not outbox.again(delivery):
            messages.info(request, gettext("It still waits, and goes out by itself."))
        else:
            note(request, [delivery], _("Delivered once more."))
            deliverer.wake()
            messages.success(request, gettext("It is delivered once more, under the same id."))
        return redirect("admin:chat_delivery_change", delivery.pk)
