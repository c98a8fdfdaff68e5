"""Notifications: staff write them, and the server takes them to everybody they are for."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import transaction
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
        elif recipient is not None and Guest.objects.filter(account=recipient).exists():
            self.add_error(
                "recipient", gettext("This is a guest of the widget: notifications are for the app's accounts.")
            )
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
        obj.author = request.user
        super().save_model(request, obj, form, change)
        # It is on record first. Whatever becomes of this process, it is told from there.
        transaction.on_commit(lambda: start_from_thread(obj))

    def response_add(self, request: HttpRequest, obj: Notification, post_url_continue: Any = None) -> HttpResponse:
        return redirect("admin:chat_notification_change", obj.pk)
