"""What can be done on a gap's page to fill it: it is a question of the shop, or becomes one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from robots import gaps
from robots.admin.forms import LinesField
from robots.admin.questions import QuestionSelect
from robots.asked import wording
from robots.models import Faq, Gap
from robots.room import too_small
from robots.rows import MOST_QUESTIONS

LONGEST_QUESTION = 200
LARGEST = 2**31 - 1
"""What the database keeps of a number."""
OTHER, NEW = "other", "new"
"""The ways to fill a gap, besides the numbers of questions that are likely."""
NO_SUCH_QUESTION = gettext_lazy("The shop has no question of this number.")


class FillingForm(forms.Form):
    """Which question of the shop customers mean, or a new one. `fill` follows `is_valid`."""

    way = forms.CharField(error_messages={"required": gettext_lazy("Choose what they mean.")})
    other = forms.IntegerField(
        label=gettext_lazy("Another one:"),
        required=False,
        widget=QuestionSelect({"aria-label": gettext_lazy("Another one:")}),
        error_messages={"invalid": NO_SUCH_QUESTION},
    )
    question = forms.CharField(
        label=capfirst(gettext_lazy("question")),
        required=False,
        max_length=LONGEST_QUESTION,
        widget=UnfoldAdminTextInputWidget(),
    )
    answer = LinesField(
        label=capfirst(gettext_lazy("answer")),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
    )

    def __init__(self, gap: Gap, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given, initial={"question": wording(gap.text)[:LONGEST_QUESTION]})
        self.gap = gap
        self.chosen = str((given or {}).get("way", ""))
        """The way that the page shows as chosen."""
        self.there: Faq | None = None
        """The question that the shop has in the same words as the new one, as `fill` found."""
        address = reverse("admin:robots_gap_questions", args=[gap.pk])
        widget: Any = self.fields["other"].widget
        widget.offer(address, self._question(str((given or {}).get("other", ""))))

    @property
    def permission(self) -> str:
        """What whoever goes this way must be allowed to do."""
        return "robots.add_faq" if self.chosen == NEW else "robots.change_faq"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.chosen == NEW:
            for name in ("question", "answer"):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, forms.Field.default_error_messages["required"])
        elif self.chosen and self._question(self._number) is None and "other" not in self.errors:
            wrong = NO_SUCH_QUESTION if self._number else _("Choose a question.")
            self.add_error("other", wrong)
        return given

    def fill(self) -> Faq | None:
        """Do it; None if it can't be done, which the form then says. Raises `QuickerError`."""
        try:
            if self.chosen != NEW:
                return gaps.add_phrasings(self.gap, int(self._number))
            given = self.cleaned_data
            return gaps.make_question(self.gap, question=given["question"], answer=given["answer"])
        except gaps.ThereError as there:
            self._choose(there.faq)
        except Faq.DoesNotExist:
            self.add_error("other", NO_SUCH_QUESTION)
        except gaps.FullError:
            full = _("A shop can hold %(most)d questions.") % {"most": MOST_QUESTIONS}
            self.add_error(None, f"{full} {too_small()}" if self.chosen == NEW else too_small())
        return None

    def said(self, faq: Faq) -> str:
        """What is said once it is done."""
        if self.chosen == NEW:
            said = _("“%(question)s” is a question of the shop now.")
        else:
            said = _("It is another phrasing of “%(question)s” now.")
        return said % {"question": faq.question}

    @property
    def _number(self) -> str:
        """Of the question that is meant."""
        return str(self.data.get("other", "")) if self.chosen == OTHER else self.chosen

    def _question(self, number: str) -> Faq | None:
        """The shop's question of that number."""
        if not (number.isascii() and number.isdecimal() and len(number) < 11 and 0 < int(number) <= LARGEST):
            return None
        return self.gap.shop.faqs.filter(number=int(number)).first()

    def _choose(self, faq: Faq) -> None:
        """The shop has the question: saving once more adds what customers wrote to it."""
        said = _("The shop has this question already: number %(number)d, “%(question)s”.")
        if not faq.enabled:
            said = _("The shop has this question already, though disabled: number %(number)d, “%(question)s”.")
        self.add_error("question", said % {"number": faq.number, "question": faq.question})
        self.there, self.chosen = faq, str(faq.number)
