"""Shops with the questions that their robots answer."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Max, QuerySet, TextField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.admin.accounts import AccountAdmin
from accounts.admin.batches import in_batches
from accounts.admin.deeds import note
from accounts.admin.lists import FewChoices, LimitedInline, NewestFirstAdmin
from accounts.models import Account
from accounts.staff import limited
from robots import opening, speaking, trial
from robots.admin import learning, meanwhile, questions, tables
from robots.admin.forms import FaqForm, FaqFormSet, ShopForm
from robots.admin.seen import Seen
from robots.answers import MOST_LETTERS
from robots.api.desk import MOST_REPLIES
from robots.models import Faq, QuickReply, Shop
from robots.rows import MOST_QUESTIONS

QUESTIONS = 50
"""Questions on a page of a shop: each takes a hundredth of a second to draw."""
MOST_NAMED = 20
SHOPS_AT_ONCE = 50
"""That are opened or closed in one transaction: each with its account, and what it tells its guests."""


def named(text: str, accounts: QuerySet[Account]) -> list[int]:
    """Those of the accounts whose shops have the text in their names, the newest shops first.

    Shops are few enough to be looked at one by one.
    """
    shops = Shop.objects.filter(name__icontains=text, account__in=accounts).order_by("-id")
    return list(shops.values_list("account_id", flat=True)[:MOST_NAMED])


AccountAdmin.found_by.append(named)


class FaqInline(LimitedInline):
    model = Faq
    form = FaqForm
    formset = FaqFormSet
    fields = ("position", "number", "question", "answer", "phrasings", "keywords", "exclusions", "enabled")
    ordering_field = "position"  # rows are dragged by their handles; with the keyboard one types positions
    extra = 1
    per_page = QUESTIONS
    max_num = MOST_QUESTIONS
    verbose_name_plural = _("Questions, in the order of their positions; numbers left empty are given by themselves")
    hide_title = True
    template_before = "admin/robots/shop/find.html"

    class Media:
        css: ClassVar = {"all": ("admin-chat/questions.css",)}
        js = ("admin-chat/ordering.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Faq]:
        """Those with the words that are looked for, on pages to look at."""
        faqs: QuerySet[Faq] = super().get_queryset(request)
        words = questions.wanted(request, "find")
        return questions.having(faqs, words) if words and request.method == "GET" else faqs


class QuickReplyInline(LimitedInline):
    model = QuickReply
    fields = ("shortcut", "text")
    extra = 0
    max_num = MOST_REPLIES
    classes = ("collapse",)
    formfield_overrides: ClassVar = {TextField: {"widget": UnfoldAdminTextareaWidget({"rows": 2})}}


@admin.register(Shop)
class ShopAdmin(NewestFirstAdmin):
    form = ShopForm
    list_display = ("name", "number", "app", "account", "enabled", "unanswered")
    list_filter = ("enabled", ("app", FewChoices))
    list_select_related = ("app", "account")
    search_fields = ("name__icontains", "account__name__icontains")
    search_help_text = _("A shop's number, or part of its name or of its account's")
    autocomplete_fields = ("app", "account")
    actions = ("enable", "disable")
    fieldsets = (
        (None, {"fields": ("app", "number", "account", "name", "enabled", "guests")}),
        (_("What the robot says"), {"fields": ("greeting", "suggestion", "fallback", "synonyms")}),
        (
            _("When the robot speaks by itself"),
            {"fields": ("speaks", "hours", "time_zone", "quiet_minutes", "handover", "away")},
        ),
    )
    inlines = (FaqInline, QuickReplyInline)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:shop_id>/robot/", view(self.trial), name="robots_shop_trial"),
            path("<int:shop_id>/import/", view(self.import_questions), name="robots_shop_import"),
            path("<int:shop_id>/learning/", view(self.learning), name="robots_shop_learning"),
            path("<int:shop_id>/questions.<str:kind>", view(self.export_questions), name="robots_shop_export"),
        ]
        return [*own, *super().get_urls()]

    def import_questions(self, request: HttpRequest, shop_id: int) -> HttpResponse:
        """The page on which a table of questions is looked at and taken."""
        return tables.imported(self, request, shop_id)

    def export_questions(self, request: HttpRequest, shop_id: int, kind: str) -> HttpResponse:
        """The shop's questions as a file."""
        return tables.exported(self, request, shop_id, kind)

    def learning(self, request: HttpRequest, shop_id: int) -> HttpResponse:
        """How far the shop's robot has come with learning its questions."""
        return learning.page(self, request, shop_id)

    def trial(self, request: HttpRequest, shop_id: int) -> HttpResponse:
        """What the shop's robot would do with a sentence, and why; how far it has come, while it is learning."""
        shop: Shop = self.row(request, shop_id)
        if not self.has_view_permission(request, shop):
            raise PermissionDenied
        sentence = request.GET.get("sentence", "").strip()[:MOST_LETTERS]
        learns = learning.shown(shop, again=bool(sentence))
        context = {
            **self.admin_site.each_context(request),
            **(trial.bounds() if sentence else {}),
            "title": _("Try out the robot"),
            "opts": self.opts,
            "original": shop,
            "shop": shop,
            "sentence": sentence,
            "trial": trial.tried(shop, sentence) if sentence and not learns["learning"] else None,
            "learns": learns,
            "now": speaking.now(shop),
            "signs": trial.COLUMNS.values(),
        }
        return TemplateResponse(request, "admin/robots/shop/trial.html", context)

    def has_open_permission(self, request: HttpRequest) -> bool:
        """Which shops there are, and who speaks for them, is no matter of their own people."""
        return self.has_change_permission(request) and not limited(request.user)

    @admin.action(description=_("Enable the chosen shops"), permissions=["open"])
    def enable(self, request: HttpRequest, chosen: QuerySet[Shop]) -> None:
        count = self._set_enabled(request, chosen, True)
        done = ngettext("%(count)d shop is enabled now.", "%(count)d shops are enabled now.", count)
        messages.success(request, done % {"count": count})

    @admin.action(description=_("Disable the chosen shops and close their sockets"), permissions=["open"])
    def disable(self, request: HttpRequest, chosen: QuerySet[Shop]) -> None:
        count = self._set_enabled(request, chosen, False)
        done = ngettext("%(count)d shop is disabled now.", "%(count)d shops are disabled now.", count)
        messages.success(request, done % {"count": count})

    def _set_enabled(self, request: HttpRequest, chosen: QuerySet[Shop], enabled: bool) -> int:
        """Change those that are not so already; returns how many these were."""

        def change(shops: list[Shop]) -> None:
            for shop in shops:
                opening.set_enabled(shop, enabled)
            note(request, shops, _("Enabled.") if enabled else _("Disabled."))

        return in_batches(request, chosen.exclude(enabled=enabled).select_related("account"), change, SHOPS_AT_ONCE)

    @admin.display(description=_("questions robots can't answer"))
    def unanswered(self, shop: Shop) -> str:
        page = f"{reverse('admin:robots_gap_changelist')}?shop__id__exact={shop.pk}"
        return format_html('<a href="{}">{}</a>', page, _("questions robots can't answer"))

    def get_fieldsets(self, request: HttpRequest, obj: Shop | None = None) -> Any:
        """Whoever changes a shop says which state of it was seen."""
        (head, fields), *others = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return [(head, fields), *others]
        return [(head, {**fields, "fields": (*fields["fields"], "seen")}), *others]

    def get_readonly_fields(self, request: HttpRequest, obj: Shop | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("app",) if self.has_open_permission(request) else ("app", "number", "account", "enabled")

    def get_inline_instances(self, request: HttpRequest, obj: Shop | None = None) -> list[Any]:
        """Rows have handles for those who may move them."""
        inlines: list[Any] = super().get_inline_instances(request, obj)
        for inline in inlines:
            if not inline.has_change_permission(request, obj):
                inline.ordering_field = None
        return inlines

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """With what others have changed since, where a page is sent that was opened before."""
        with transaction.atomic():
            shop = self.get_object(request, unquote(object_id)) if object_id and request.method == "POST" else None
            if shop is not None:
                shop = Shop.objects.select_for_update().get(pk=shop.pk)
                if found := meanwhile.looked_at(request.POST, shop):
                    request.POST = found.post  # type: ignore[assignment]
                    extra_context = {**(extra_context or {}), "meanwhile": found}
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Shop | None = None, **more: Any
    ) -> HttpResponse:
        """With the state that it shows, and what is looked for among the questions, where they are more than a page."""
        if obj is not None:
            there = obj.faqs.aggregate(count=Count("pk"), newest=Max("pk"))
            context |= {
                "find": questions.wanted(request, "find"),
                "has_found": request.method == "GET",  # what was sent comes back as it is
                "many_questions": there["count"] > QUESTIONS,
                "may_export": tables.may_export(request),
                "learns": learning.shown(obj),
            }
            form = context["adminform"].form
            formsets = [each.formset for each in context["inline_admin_formsets"] if each.has_change_permission]
            seen = Seen.of(obj.version, there["newest"] or 0, form, formsets).packed()
            form.initial["seen"] = seen
            if form.is_bound:
                form.data = {**form.data.dict(), "seen": seen}
            if found := context.get("meanwhile"):
                found.tell([form, *(row for formset in formsets for row in formset.forms)])
                context["may_see_questions"] = any(formset.prefix == "faqs" for formset in formsets)
        page: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **more)
        return page

    def response_change(self, request: HttpRequest, obj: Shop) -> HttpResponse:
        """Whoever goes on goes on with the same page of questions."""
        answer: HttpResponse = super().response_change(request, obj)
        if "_continue" in request.POST and request.GET:
            return redirect(f"{request.path}?{request.GET.urlencode()}")
        return answer

    def save_model(self, request: HttpRequest, obj: Shop, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if {"enabled", "account"} & set(form.changed_data) or not obj.enabled:
            opening.settle(obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Shop], search_term: str
    ) -> tuple[QuerySet[Shop], bool]:
        found, distinct = super().get_search_results(request, queryset, search_term)
        number = search_term.strip()
        if number.isascii() and number.isdecimal() and len(number) < 19:
            found = found | queryset.filter(number=int(number))
        return found, distinct
