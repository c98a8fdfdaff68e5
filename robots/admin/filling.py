"""What can be done on a gap's page to fill it: a form for each way, which knows nothing of the others."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from robots import gaps
from robots.admin.forms import LinesField
from robots.asked import wording
from robots.models import Faq, Gap
from robots.room import too_small
from robots.rows import MOST_QUESTIONS

LONGEST_QUESTION = 200
LARGEST = 2**31 - 1
"""What the database keeps of a number."""
NO_SUCH_QUESTION = gettext_lazy("The shop has no question of this number.")


class FillingForm(forms.Form):
    """One way to fill a gap. `fill` follows `is_valid`."""

    permission: ClassVar[str]
    said: ClassVar[Any]
    """What is said once it is done; with the question."""

    def __init__(self, gap: Gap, given: Mapping[str, Any] | None = None) -> None:
        super().__init__(given, auto_id=f"{type(self).__name__}-%s", initial=self.beginning(gap))
        self.gap = gap

    def beginning(self, gap: Gap) -> dict[str, Any]:
        """What the fields hold at first."""
        return {}

    def fill(self) -> Faq | None:
        """Do it; None if it can't be done, which the form then says. Raises `QuickerError`."""
        raise NotImplementedError


class PhrasingForm(FillingForm):
    """The shop's question that customers mean, by its number."""

    permission = "robots.change_faq"
    said = gettext_lazy("It is another phrasing of “%(question)s” now.")
    number = forms.IntegerField(
        label=gettext_lazy("Another one, by its number:"),
        widget=UnfoldAdminIntegerFieldWidget({"min": 1}),
        error_messages=dict.fromkeys(("required", "invalid"), NO_SUCH_QUESTION),
    )

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        if not (0 < number <= LARGEST and self.gap.shop.faqs.filter(number=number).exists()):
            raise forms.ValidationError(NO_SUCH_QUESTION)
        return number

    def fill(self) -> Faq | None:
        try:
            return gaps.add_phrasings(self.gap, self.cleaned_data["number"])
        except Faq.DoesNotExist:
            self.add_error("number", NO_SUCH_QUESTION)
            return None
        except gaps.FullError:
            self.add_error(None, too_small())
            return None


class NewQuestionForm(FillingForm):
    """What customers ask, as the shop would ask it, and what it answers."""

    there: Faq | None = None
    """The question that the shop has in the same words, as `fill` found."""
    permission = "robots.add_faq"
    said = gettext_lazy("“%(question)s” is a question of the shop now.")
    question = forms.CharField(
        label=capfirst(gettext_lazy("question")), max_length=LONGEST_QUESTION, widget=UnfoldAdminTextInputWidget()
    )
    answer = LinesField(
        label=capfirst(gettext_lazy("answer")), max_length=2000, widget=UnfoldAdminTextareaWidget({"rows": 4})
    )

    def beginning(self, gap: Gap) -> dict[str, Any]:
        return {"question": wording(gap.text)[:LONGEST_QUESTION]}

    def fill(self) -> Faq | None:
        try:
            return gaps.make_question(self.gap, **self.cleaned_data)
        except gaps.ThereError as there:
            self.there = there.faq
            said = _("The shop has this question already: number %(number)d, “%(question)s”.")
            if not there.faq.enabled:
                said = _("The shop has this question already, though disabled: number %(number)d, “%(question)s”.")
            self.add_error("question", said % {"number": there.faq.number, "question": there.faq.question})
            return None
        except gaps.FullError:
            full = _("A shop can hold %(most)d questions.") % {"most": MOST_QUESTIONS}
            self.add_error(None, f"{full} {too_small()}")
            return None
