"""Notifications: staff write them, and the server takes them to everybody they are for."""

import logging
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import FewChoices, NewestFirstAdmin
from accounts.admin.log import note
from accounts.models import Account
from chat import notifications
from chat.delivery import publish_from_thread
from chat.models import Notification
from chat.protocol.bodies import text_body
from chat.webhooks import deliverer

logger = logging.getLogger(__name__)

CONFIRMED, CHANGED = "_confirmed", "_changed"
"""What the buttons of the preview say: it is right, or it is to be written anew."""


class NotificationForm(forms.ModelForm):
    class Meta:
        model = Notification
        fields: ClassVar = ["app", "recipient", "text"]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        app, recipient = given.get("app"), given.get("recipient")
        if app is None:
            return given
        if recipient is not None and recipient.app_id != app.pk:
            self.add_error("recipient", gettext("This account belongs to another app."))
        elif recipient is not None and not (recipient.enabled and recipient.kind == Account.Kind.PERSON):
            self.add_error("recipient", gettext("This account can't be told anything: nobody may sign in as it."))
        elif not app.enabled or not Account.objects.filter(app=app, kind=Account.Kind.PERSON, enabled=True).exists():
            self.add_error("app", gettext("Nobody can sign in to this app."))
        return given


@admin.register(Notification)
class NotificationAdmin(NewestFirstAdmin):
    """Looked at before it is sent, and never changed or deleted after."""

    form = NotificationForm
    list_display = ("beginning", "app", "to_whom", "author", "created_at", "state")
    list_filter = (("app", FewChoices),)
    list_select_related = ("app", "recipient", "author")
    autocomplete_fields = ("app", "recipient")

    def get_urls(self) -> list[URLPattern]:
        send = self.admin_site.admin_view(self.send_on)
        return [path("<int:notification_id>/send/", send, name="chat_notification_send"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """What is written is shown as its recipients will see it, and sent once staff say so."""
        if request.method == "POST" and CHANGED in request.POST:
            # The form once more, with what was written.
            request.method = "GET"
        elif request.method == "POST" and CONFIRMED not in request.POST and self.has_add_permission(request):
            form = self.get_form(request)(request.POST)
            if form.is_valid():
                return self.preview(request, form)
        page: HttpResponseBase = super().add_view(request, form_url, extra_context)
        return page

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        if CHANGED in request.POST:
            return {name: request.POST.get(name, "") for name in self.form.Meta.fields}
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return given

    def preview(self, request: HttpRequest, form: forms.ModelForm) -> TemplateResponse:
        """The page between writing and sending. Nothing is stored yet."""
        notification = form.save(commit=False)
        notification.created_at = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Send a notification"),
            "notification": notification,
            "count": notifications.recipients(notification).count(),
            "fields": [(field, request.POST.get(field, "")) for field in self.form.Meta.fields],
            "confirmed": CONFIRMED,
            "changed": CHANGED,
        }
        return TemplateResponse(request, "admin/chat/notification/preview.html", context)

    def get_fields(self, request: HttpRequest, obj: Notification | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("app", "recipient", "text")
        return ("app", "to_whom", "text", "author", "created_at", "state")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("text"))
    def beginning(self, notification: Notification) -> str:
        return notification.text[:50]

    @admin.display(description=_("recipient"))
    def to_whom(self, notification: Notification) -> str:
        return str(notification.recipient or _("every account of the app"))

    @admin.display(description=_("state"))
    def state(self, notification: Notification) -> str:
        if notification.told_at is None:
            return gettext("Not everybody has been told yet")
        told = ngettext("%(count)d account was told", "%(count)d accounts were told", notification.reached)
        return told % {"count": notification.reached}

    def save_model(self, request: HttpRequest, obj: Notification, form: Any, change: bool) -> None:
        assert request.user.is_authenticated
        obj.author = request.user
        obj.claimed_until = timezone.now() + notifications.CLAIM
        super().save_model(request, obj, form, change)
        # The notification is on record first. If sending breaks off, it can be continued from there.
        transaction.on_commit(lambda: self.send(request, obj))

    def response_add(self, request: HttpRequest, obj: Notification, post_url_continue: Any = None) -> HttpResponse:
        return redirect("admin:chat_notification_change", obj.pk)

    def send_on(self, request: HttpRequest, notification_id: int) -> HttpResponseBase:
        """Continue what broke off."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        notification = get_object_or_404(Notification.objects.select_related("app"), pk=notification_id)
        if notification.told_at is None:
            note(request, [notification], gettext("Sending was continued."))
            self.send(request, notification)
        return redirect("admin:chat_notification_change", notification.pk)

    def send(self, request: HttpRequest, notification: Notification) -> None:
        """Store and publish it to everybody, and tell staff what came of it."""
        body = text_body(notification.text)
        try:
            for events in notifications.send(notification, body=body.json, preview=body.preview):
                publish_from_thread(events)
                deliverer.wake()
                notifications.keep_claim(notification)
        except Exception:
            logger.exception("notification %d broke off", notification.pk)
            broken = gettext("Sending broke off before everybody was told. Continue it here: nobody is told twice.")
            messages.error(request, broken)
        else:
            messages.success(request, f"{self.state(notification)}.")
