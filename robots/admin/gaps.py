"""What customers ask and robots can't answer, in the admin: the newest and most frequent first."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.deeds import note, note_all
from accounts.admin.links import opens
from accounts.admin.lists import FewChoices, LimitedAdmin
from robots import gaps
from robots.admin.filling import FillingForm
from robots.admin.questions import offered
from robots.admin.talks import talks
from robots.asked import beginning, shown
from robots.merging import MOST_MERGED, FewError, SeveralShopsError, merge
from robots.models import Faq, Gap
from robots.prepared import Question
from robots.waiting import tell, waiting

EXAMPLES = 20
"""Questions that a gap's page shows."""


class Open(admin.SimpleListFilter):
    """Shows those that wait to be filled, unless others are asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [*Gap.State.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Gap]) -> QuerySet[Gap]:
        return queryset.filter(state=self._chosen())

    def _chosen(self) -> str:
        value = str(self.value())
        return value if value in Gap.State.values else Gap.State.OPEN

    def choices(self, changelist: Any) -> Any:
        chosen = self._chosen()
        for state, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: state})
            yield {"selected": state == chosen, "query_string": query, "display": label}


@admin.register(Gap)
class GapAdmin(LimitedAdmin):
    list_display = ("asked", "count", "shop", "last_asked_at", "first_asked_at")
    list_filter = (Open, ("shop", FewChoices))
    list_select_related = ("shop",)
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("dismiss", "merge")
    how_rows_come = gettext_lazy("What customers ask and the robot can't answer comes here by itself.")

    def get_urls(self) -> list[URLPattern]:
        found = self.admin_site.admin_view(self.questions)
        return [path("<int:gap_id>/questions/", found, name="robots_gap_questions"), *super().get_urls()]

    def questions(self, request: HttpRequest, gap_id: int) -> HttpResponse:
        """The shop's questions that have some words, for whoever looks for the one that is meant."""
        gap: Gap = self.row(request, gap_id, "shop")
        if not (self.has_view_permission(request, gap) and request.user.has_perm("robots.change_faq")):
            raise PermissionDenied
        return offered(request, gap.shop.faqs.all())

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """What was answered is listed with the number of the question that answers it."""
        answered = request.GET.get("state") == Gap.State.ANSWERED
        return (*self.list_display, "filled_by") if answered else self.list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gap]:
        return super().get_queryset(request).defer("meaning")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Gap | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("question"))
    def asked(self, gap: Gap) -> str:
        return beginning(gap.text, gap)

    @admin.action(description=gettext_lazy("Dismiss the chosen questions: they need no answer"), permissions=["change"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[Gap]) -> None:
        every = chosen.count()
        try:
            done = gaps.dismiss(chosen, lambda some: note_all(request, some, gettext_lazy("Dismissed.")))
        except OperationalError:
            messages.error(request, _("The database was busy: not all were done. The others are as they were."))
            return
        left = every - done
        if done:
            said = ngettext("%(count)d question is dismissed.", "%(count)d questions are dismissed.", done)
            messages.success(request, said % {"count": done})
        if left:
            said = ngettext(
                "%(count)d question is left as it is, for it is not open.",
                "%(count)d questions are left as they are, for they are not open.",
                left,
            )
            messages.warning(request, said % {"count": left})

    @admin.action(description=gettext_lazy("Merge the chosen questions: they ask the same"), permissions=["change"])
    def merge(self, request: HttpRequest, chosen: QuerySet[Gap]) -> None:
        if chosen.count() > MOST_MERGED:
            messages.error(request, _("At most %(most)d are merged at a time.") % {"most": MOST_MERGED})
            return
        try:
            kept, others = merge(chosen)
        except SeveralShopsError:
            messages.error(request, _("Only questions of one shop can be merged."))
        except FewError:
            messages.warning(request, _("Nothing was done: choose two that are open, or more."))
        else:
            note(request, [kept], gettext_lazy("Merged with others: %(count)d."), count=others)
            page = reverse("admin:robots_gap_change", args=[kept.pk])
            link = format_html('<a class="underline" href="{}">{}</a>', page, beginning(kept.text, kept))
            said = ngettext(
                "%(count)d other question is part of “%(kept)s” now.",
                "%(count)d other questions are part of “%(kept)s” now.",
                others,
            )
            messages.success(request, format_html(said.replace("%(kept)s", "{}") % {"count": others}, link))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A gap with what customers wrote, the questions that they may have meant, and what can be done."""
        gap = self.get_object(request, object_id)
        if gap is None:
            if request.method == "POST" and self.has_change_permission(request):
                return self._gone(request)
            raise Http404
        if not self.has_view_permission(request, gap):
            raise PermissionDenied
        if request.method != "POST":
            form = FillingForm(gap)
        else:
            if not self.has_change_permission(request, gap):
                raise PermissionDenied
            form = FillingForm(gap, request.POST)
            try:
                answer = self._done(request, gap, form)
            except gaps.QuickerError as quicker:
                answer = self._too_late(request, quicker)
            except Gap.DoesNotExist:
                answer = self._gone(request)
            if answer is not None:
                return answer
        return self._page(request, gap, form)

    def _done(self, request: HttpRequest, gap: Gap, form: FillingForm) -> HttpResponse | None:
        """Do what was chosen; None if the form is to be mended. Raises `QuickerError`."""
        if "dismiss" in request.POST:
            if not gaps.dismiss(Gap.objects.filter(pk=gap.pk)):
                gap.refresh_from_db(fields=["state"])
                raise gaps.QuickerError(Gap.State(gap.state))
            note(request, [gap], gettext_lazy("Dismissed."))
            messages.success(request, _("The question is dismissed."))
            return self._back(request)
        if "reopen" in request.POST:
            gaps.reopen(gap)
            note(request, [gap], gettext_lazy("Opened again."))
            messages.success(request, _("The question is open again."))
            return redirect("admin:robots_gap_change", gap.pk)
        return self._filled(request, gap, form)

    def _filled(self, request: HttpRequest, gap: Gap, form: FillingForm) -> HttpResponse | None:
        """Fill the gap, and tell those who wait if that is wanted."""
        wanted = "reply" in request.POST
        if not request.user.has_perm(form.permission) or (wanted and not request.user.has_perm("robots.reply_gap")):
            raise PermissionDenied
        if gap.state != Gap.State.OPEN:
            raise gaps.QuickerError(Gap.State(gap.state))
        if not form.is_valid():
            return None
        # Once it is decided nobody waits any more.
        account_ids = waiting(gap) if wanted else []
        faq = form.fill()
        if faq is None:
            return None
        note(request, [gap], gettext_lazy("Filled by question %(number)d."), number=faq.number)
        told = tell(gap, account_ids, faq.answer) if account_ids else 0
        said = form.said(faq)
        if told:
            replied = ngettext("%(count)d customer has the answer.", "%(count)d customers have the answer.", told)
            said += " " + replied % {"count": told}
        messages.success(request, said)
        if left := len(account_ids) - told:
            missed = ngettext("%(count)d customer could not be told.", "%(count)d customers could not be told.", left)
            messages.warning(request, missed % {"count": left})
        return self._back(request)

    def _too_late(self, request: HttpRequest, quicker: gaps.QuickerError) -> HttpResponse:
        said = _("Nothing was done, for somebody was quicker: what customers ask here is “%(state)s” by now.")
        messages.warning(request, said % {"state": quicker.state.label})
        return self._back(request)

    def _gone(self, request: HttpRequest) -> HttpResponse:
        said = _("Nothing was done: it was merged with others meanwhile, or nothing is kept of who asked it.")
        messages.warning(request, said)
        return self._back(request)

    def _back(self, request: HttpRequest) -> HttpResponse:
        """To the list as it was: of one shop, if that was chosen."""
        kept = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return redirect(add_preserved_filters(kept, reverse("admin:robots_gap_changelist")))

    def _page(self, request: HttpRequest, gap: Gap, form: FillingForm) -> TemplateResponse:
        may_change = self.has_change_permission(request, gap)
        is_open = gap.state == Gap.State.OPEN
        changeable = is_open and may_change
        may_phrase = changeable and request.user.has_perm("robots.change_faq")
        asked = list(gap.questions.select_related("asker").order_by("-id")[:EXAMPLES])
        pages = talks(request, gap.shop, {question.asker_id for question in asked})
        context = {
            **self.admin_site.each_context(request),
            "title": shown(gap.text, gap),
            "opts": self.opts,
            "gap": gap,
            "form": form,
            "media": form.media,
            "likely": self._likely(gap, form) if may_phrase else [],
            "examples": [(shown(each.text, "–"), each, pages.get(each.asker_id)) for each in asked],
            "filled_by": self._filled_by(gap),
            "may_see_shop": opens(request, gap.shop),
            "waiting": len(waiting(gap)) if is_open else 0,
            "may_dismiss": changeable,
            "may_reopen": may_change and not is_open,
            "may_add": changeable and request.user.has_perm("robots.add_faq"),
            "may_phrase": may_phrase,
            "may_reply": changeable and request.user.has_perm("robots.reply_gap"),
        }
        return TemplateResponse(request, "admin/robots/gap/gap.html", context)

    def _likely(self, gap: Gap, form: FillingForm) -> list[Faq | Question]:
        """Questions that may be meant; first of all the one that the shop has in the words of the new one."""
        there: list[Faq | Question] = [form.there] if form.there else []
        return [*there, *(each for each in gaps.likely(gap) if each.number not in {one.number for one in there})]

    def _filled_by(self, gap: Gap) -> Faq | None:
        return gap.shop.faqs.filter(number=gap.filled_by).first() if gap.filled_by else None
