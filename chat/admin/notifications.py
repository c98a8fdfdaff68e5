"""Notifications: staff write them, and the server takes them to everybody they are for."""

import secrets
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import FewChoices, NewestFirstAdmin
from accounts.models import Account
from chat import notifications
from chat.models import Guest, Notification
from chat.telling import start_from_thread

CONFIRMED, CHANGED = "_confirmed", "_changed"
"""What the buttons of the preview say: it is right, or it is to be written anew."""
OF_STAFF = "staff-"
"""What the keys of notifications begin with that staff write: the app's own server names its otherwise."""


class NotificationForm(forms.ModelForm):
    """What is to be said to whom. What was written on one page is sent once, however often that is asked for."""

    once = forms.RegexField(r"^[\w-]{20,50}$", required=False, widget=forms.HiddenInput)
    """Names the page on which it is written; it stays the same through previews and changes."""

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
        elif recipient is not None and Guest.objects.filter(account=recipient).exists():
            self.add_error(
                "recipient", gettext("This is a guest of the widget: notifications are for the app's accounts.")
            )
        elif not app.enabled or not notifications.everybody(app.pk).exists():
            self.add_error("app", gettext("Nobody can sign in to this app."))
        return given

    def before(self) -> Notification | None:
        """What was sent from the same page; None where nothing was, or the form is wrong."""
        key = self.key()
        return Notification.objects.filter(app=self.cleaned_data.get("app"), key=key).first() if key else None

    def key(self) -> str | None:
        """By which the database refuses to keep it twice."""
        once = self.cleaned_data.get("once")
        return OF_STAFF + once if once else None

    def is_of(self, sent: Notification) -> bool:
        """Whether this is what was sent there."""
        given = self.cleaned_data
        return (given.get("recipient"), given.get("text")) == (sent.recipient, sent.text)


WRITTEN = (*NotificationForm.Meta.fields, "once")
"""The fields of the form."""


def new_once() -> str:
    return secrets.token_urlsafe(16)


@admin.register(Notification)
class NotificationAdmin(NewestFirstAdmin):
    """Looked at before it is sent, and never changed or deleted after."""

    form = NotificationForm
    list_display = ("beginning", "app", "to_whom", "author", "created_at", "state")
    list_filter = (("app", FewChoices),)
    list_select_related = ("app", "recipient", "author")
    autocomplete_fields = ("app", "recipient")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """What is written is shown as its recipients will see it, and sent once staff say so."""
        if request.method == "POST" and CHANGED in request.POST:
            # The form once more, with what was written.
            request.method = "GET"
        elif request.method == "POST" and self.has_add_permission(request):
            return self._written(request, form_url, extra_context)
        page: HttpResponseBase = super().add_view(request, form_url, extra_context)
        return page

    def _written(self, request: HttpRequest, form_url: str, extra_context: dict[str, Any] | None) -> HttpResponseBase:
        """What follows the form: the preview, and what follows that."""
        form: NotificationForm = self.get_form(request)(request.POST)
        valid, sent, confirmed = form.is_valid(), form.before(), CONFIRMED in request.POST
        if sent is not None and (confirmed or form.is_of(sent)):
            return self._sent_before(request, sent)
        if valid and not confirmed:
            return self.preview(request, form, new_once() if sent else form.cleaned_data["once"])
        try:
            page: HttpResponseBase = super().add_view(request, form_url, extra_context)
        except IntegrityError:
            # The same was confirmed at the same moment.
            sent = form.before()
            if sent is None:
                raise
            return self._sent_before(request, sent)
        return page

    def _sent_before(self, request: HttpRequest, sent: Notification) -> HttpResponse:
        messages.warning(request, gettext("This was sent already, and is not sent once more."))
        return redirect("admin:chat_notification_change", sent.pk)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        if CHANGED in request.POST:
            return {name: request.POST.get(name, "") for name in WRITTEN}
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return {**given, "once": new_once()}

    def preview(self, request: HttpRequest, form: NotificationForm, once: str) -> TemplateResponse:
        """The page between writing and sending. Nothing is stored yet."""
        notification = form.save(commit=False)
        notification.created_at = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Send a notification"),
            "notification": notification,
            "count": notifications.recipients(notification).count(),
            "like": notifications.sent_lately(notification),
            "fields": [*((name, request.POST.get(name, "")) for name in self.form.Meta.fields), ("once", once)],
            "confirmed": CONFIRMED,
            "changed": CHANGED,
        }
        return TemplateResponse(request, "admin/chat/notification/preview.html", context)

    def get_fields(self, request: HttpRequest, obj: Notification | None = None) -> tuple[str, ...]:
        if obj is None:
            return WRITTEN
        return ("app", "to_whom", "text", "author", "created_at")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Notification | None = None, **more: Any
    ) -> HttpResponse:
        """How far it has come stands above the rest, and is looked at again until everybody has been told."""
        if obj is not None:
            context["state"] = self.state(obj)
            context["most"] = None if obj.told_at else notifications.recipients(obj).count()
        page: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **more)
        return page

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
        """How many have been told, and whether these are all."""
        told = ngettext("%(count)d account was told", "%(count)d accounts were told", notification.reached)
        so_far = told % {"count": notification.reached}
        return so_far if notification.told_at else gettext("On its way: %(so_far)s so far") % {"so_far": so_far}

    def save_model(self, request: HttpRequest, obj: Notification, form: Any, change: bool) -> None:
        assert request.user.is_authenticated
        obj.author, obj.key = request.user, form.key()
        super().save_model(request, obj, form, change)
        # It is on record first. Whatever becomes of this process, it is told from there.
        transaction.on_commit(lambda: start_from_thread(obj))

    def response_add(self, request: HttpRequest, obj: Notification, post_url_continue: Any = None) -> HttpResponse:
        return redirect("admin:chat_notification_change", obj.pk)
