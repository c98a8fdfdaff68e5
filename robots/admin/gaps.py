"""What customers ask and robots can't answer, in the admin: the newest and most frequent first."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accounts.admin.lists import FewChoices, LimitedAdmin
from accounts.admin.log import note
from robots import gaps
from robots.models import Faq, Gap

EXAMPLES = 20
"""Questions that a gap's page shows."""


class Open(admin.SimpleListFilter):
    """Shows those that wait to be filled, unless others are asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [*Gap.State.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Gap]) -> QuerySet[Gap]:
        return queryset.filter(state=self.value() or Gap.State.OPEN)

    def choices(self, changelist: Any) -> Any:
        chosen = self.value() or Gap.State.OPEN
        for state, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: state})
            yield {"selected": state == chosen, "query_string": query, "display": label}


class NewQuestionForm(forms.Form):
    """What customers ask, as the shop would ask it, and what it answers."""

    question = forms.CharField(label=gettext_lazy("question"), max_length=200, widget=UnfoldAdminTextInputWidget())
    answer = forms.CharField(
        label=gettext_lazy("answer"), max_length=2000, widget=UnfoldAdminTextareaWidget({"rows": 4})
    )


@admin.register(Gap)
class GapAdmin(LimitedAdmin):
    list_display = ("text", "count", "shop", "last_asked_at", "first_asked_at")
    list_filter = (Open, ("shop", FewChoices))
    list_select_related = ("shop",)
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("dismiss",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Gap | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Dismiss the chosen gaps"), permissions=["change"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[Gap]) -> None:
        some = list(chosen)
        gaps.dismiss(some)
        note(request, some, _("Dismissed."))
        done = ngettext("%(count)d gap is dismissed.", "%(count)d gaps are dismissed.", len(some))
        messages.success(request, done % {"count": len(some)})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A gap with what customers wrote, the questions that they may have meant, and what can be done."""
        gap = self.get_object(request, object_id)
        if gap is None:
            raise Http404
        if not self.has_view_permission(request, gap):
            raise PermissionDenied
        form = NewQuestionForm(request.POST or None, initial={"question": gap.text[:200]})
        if request.method == "POST":
            if not self.has_change_permission(request, gap):
                raise PermissionDenied
            if gap.state != Gap.State.OPEN:
                messages.warning(request, _("Somebody has done that already."))
                return redirect("admin:robots_gap_changelist")
            if self._done(request, gap, form):
                return redirect("admin:robots_gap_changelist")
        return self._page(request, gap, form)

    def _done(self, request: HttpRequest, gap: Gap, form: NewQuestionForm) -> bool:
        """Do what was chosen; False if something of the form is wrong."""
        if "dismiss" in request.POST:
            gaps.dismiss([gap])
            self.log_change(request, gap, _("Dismissed."))
            messages.success(request, _("The gap is dismissed."))
            return True
        reply_to = gaps.waiting(gap) if "reply" in request.POST else []
        if reply_to and not request.user.has_perm("robots.reply_gap"):
            raise PermissionDenied
        if "phrasing" in request.POST:
            faq = self._question(request, gap)
            if not request.user.has_perm("robots.change_faq"):
                raise PermissionDenied
            if faq is None:
                messages.error(request, _("The shop has no question of this number."))
                return False
            gaps.add_phrasings(gap, faq)
            said = _("It is another phrasing of “%(question)s” now.")
        else:
            if not request.user.has_perm("robots.add_faq"):
                raise PermissionDenied
            if not form.is_valid():
                return False
            faq = gaps.make_question(gap, **form.cleaned_data)
            said = _("“%(question)s” is a question of the shop now.")
        told = gaps.tell(gap, reply_to, faq.answer) if reply_to else 0
        said %= {"question": faq.question}
        if told:
            replied = ngettext("%(count)d customer has the answer.", "%(count)d customers have the answer.", told)
            said += " " + replied % {"count": told}
        self.log_change(request, gap, _("Filled by question %(number)d.") % {"number": faq.number})
        messages.success(request, said)
        return True

    def _question(self, request: HttpRequest, gap: Gap) -> Faq | None:
        """The shop's question that was chosen, or whose number was written."""
        number = request.POST["phrasing"] or request.POST.get("number", "")
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            return None
        return gap.shop.faqs.filter(number=int(number)).first()

    def _page(self, request: HttpRequest, gap: Gap, form: NewQuestionForm) -> TemplateResponse:
        changeable = gap.state == Gap.State.OPEN and self.has_change_permission(request, gap)
        context = {
            **self.admin_site.each_context(request),
            "title": gap.text,
            "opts": self.opts,
            "gap": gap,
            "form": form,
            "examples": gap.questions.select_related("asker").order_by("-id")[:EXAMPLES],
            "likely": gaps.likely(gap) if changeable else (),
            "waiting": len(gaps.waiting(gap)),
            "may_dismiss": changeable,
            "may_add": changeable and request.user.has_perm("robots.add_faq"),
            "may_phrase": changeable and request.user.has_perm("robots.change_faq"),
            "may_reply": request.user.has_perm("robots.reply_gap"),
        }
        return TemplateResponse(request, "admin/robots/gap/gap.html", context)
