"""Questions that no robot could answer, one by one, in the admin."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.batches import in_batches
from accounts.admin.deeds import note
from accounts.admin.lists import FewChoices, NewestFirstAdmin
from robots.asked import beginning, shown
from robots.models import UnansweredQuestion


@admin.register(UnansweredQuestion)
class UnansweredQuestionAdmin(NewestFirstAdmin):
    """What customers asked and found no answer to, newest first."""

    list_display = ("beginning", "shop", "asker", "asked_at", "gap", "settled")
    list_filter = ("settled", ("shop", FewChoices))
    list_select_related = ("shop", "asker", "gap")
    fields = ("asked", "shop", "asker", "asked_at", "settled")
    readonly_fields = ("asked", "shop", "asker", "asked_at")
    actions = ("settle",)
    how_rows_come = _("What customers ask and the robot can't answer comes here by itself.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("question"))
    def beginning(self, question: UnansweredQuestion) -> str:
        return beginning(question.text, question)

    @admin.display(description=_("question"))
    def asked(self, question: UnansweredQuestion) -> str:
        return shown(question.text, question)

    @admin.action(description=_("Settle the chosen questions"), permissions=["change"])
    def settle(self, request: HttpRequest, chosen: QuerySet[UnansweredQuestion]) -> None:
        def settle(questions: list[UnansweredQuestion]) -> None:
            UnansweredQuestion.objects.filter(pk__in=[question.pk for question in questions]).update(settled=True)
            note(request, questions, _("Settled."))

        count = in_batches(request, chosen.filter(settled=False), settle)
        done = ngettext("%(count)d question is settled.", "%(count)d questions are settled.", count)
        messages.success(request, done % {"count": count})
