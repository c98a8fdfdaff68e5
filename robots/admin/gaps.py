"""What customers ask and robots can't answer, in the admin: the newest and most frequent first."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.deeds import note, note_all
from accounts.admin.lists import FewChoices, LimitedAdmin
from robots import gaps
from robots.admin.filling import FillingForm, NewQuestionForm, PhrasingForm
from robots.asked import beginning, shown
from robots.models import Gap
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


PHRASING, MAKE = "phrasing", "make"
"""What the forms of its page say that they are, which fill it."""


@admin.register(Gap)
class GapAdmin(LimitedAdmin):
    list_display = ("asked", "count", "shop", "last_asked_at", "first_asked_at")
    list_filter = (Open, ("shop", FewChoices))
    list_select_related = ("shop",)
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("dismiss",)
    how_rows_come = gettext_lazy("What customers ask and the robot can't answer comes here by itself.")

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

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A gap with what customers wrote, the questions that they may have meant, and what can be done."""
        gap = self.get_object(request, object_id)
        if gap is None:
            raise Http404
        if not self.has_view_permission(request, gap):
            raise PermissionDenied
        ways = {PHRASING: PhrasingForm(gap), MAKE: NewQuestionForm(gap)}
        if request.method == "POST":
            if not self.has_change_permission(request, gap):
                raise PermissionDenied
            try:
                answer = self._done(request, gap, ways)
            except gaps.QuickerError as quicker:
                answer = self._too_late(request, quicker)
            except Gap.DoesNotExist:
                raise Http404 from None
            if answer is not None:
                return answer
        return self._page(request, gap, ways)

    def _done(self, request: HttpRequest, gap: Gap, ways: dict[str, FillingForm]) -> HttpResponse | None:
        """Do what was chosen; None if its form is to be mended. Raises `QuickerError`."""
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
        if PHRASING in request.POST:
            number = request.POST[PHRASING] or request.POST.get("number", "")
            ways[PHRASING] = PhrasingForm(gap, {"number": number})
            return self._filled(request, gap, ways[PHRASING])
        if MAKE in request.POST:
            ways[MAKE] = NewQuestionForm(gap, request.POST)
            return self._filled(request, gap, ways[MAKE])
        raise BadRequest

    def _filled(self, request: HttpRequest, gap: Gap, way: FillingForm) -> HttpResponse | None:
        """Fill the gap, and tell those who wait if that is wanted."""
        wanted = "reply" in request.POST
        if not request.user.has_perm(way.permission) or (wanted and not request.user.has_perm("robots.reply_gap")):
            raise PermissionDenied
        if gap.state != Gap.State.OPEN:
            raise gaps.QuickerError(Gap.State(gap.state))
        if not way.is_valid():
            return None
        # Once it is decided nobody waits any more.
        account_ids = waiting(gap) if wanted else []
        faq = way.fill()
        if faq is None:
            return None
        note(request, [gap], gettext_lazy("Filled by question %(number)d."), number=faq.number)
        told = tell(gap, account_ids, faq.answer) if account_ids else 0
        said = way.said % {"question": faq.question}
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

    def _back(self, request: HttpRequest) -> HttpResponse:
        """To the list as it was: of one shop, if that was chosen."""
        kept = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return redirect(add_preserved_filters(kept, reverse("admin:robots_gap_changelist")))

    def _page(self, request: HttpRequest, gap: Gap, ways: dict[str, FillingForm]) -> TemplateResponse:
        may_change = self.has_change_permission(request, gap)
        is_open = gap.state == Gap.State.OPEN
        changeable = is_open and may_change
        may_phrase = changeable and request.user.has_perm("robots.change_faq")
        context = {
            **self.admin_site.each_context(request),
            "title": shown(gap.text, gap),
            "opts": self.opts,
            "gap": gap,
            "phrasing": ways[PHRASING],
            "make": ways[MAKE],
            "examples": [
                (shown(question.text, "–"), question)
                for question in gap.questions.select_related("asker").order_by("-id")[:EXAMPLES]
            ],
            "likely": gaps.likely(gap) if may_phrase else (),
            "waiting": len(waiting(gap)) if is_open else 0,
            "may_dismiss": changeable,
            "may_reopen": may_change and not is_open,
            "may_add": changeable and request.user.has_perm("robots.add_faq"),
            "may_phrase": may_phrase,
            "may_reply": changeable and request.user.has_perm("robots.reply_gap"),
        }
        return TemplateResponse(request, "admin/robots/gap/gap.html", context)
