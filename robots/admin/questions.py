"""Finding questions of a shop by their words or numbers, and choosing one."""

from django.contrib.admin.widgets import get_select2_language
from django.db.models import Q, QuerySet
from django.forms import Media
from django.http import HttpRequest, JsonResponse
from unfold.widgets import UnfoldAdminAutocompleteModelChoiceFieldWidget

from robots.models import Faq

LONGEST_FIND = 100
OFFERED = 20
"""Questions that are offered at a time."""


def wanted(request: HttpRequest, name: str) -> str:
    """What is looked for."""
    return request.GET.get(name, "").replace("\0", "").strip()[:LONGEST_FIND]


def having(faqs: QuerySet[Faq], words: str) -> QuerySet[Faq]:
    """Those that have the words in them, or them for a number."""
    found = Q(question__icontains=words) | Q(answer__icontains=words) | Q(phrasings__icontains=words)
    if words.isascii() and words.isdecimal() and len(words) < 10:
        found |= Q(number=int(words))
    return faqs.filter(found)


def named(faq: Faq) -> str:
    return f"{faq.number}. {faq.question}"


def offered(request: HttpRequest, faqs: QuerySet[Faq]) -> JsonResponse:
    """Questions as `QuestionSelect` asks for them while somebody types."""
    page = request.GET.get("page", "")
    first = OFFERED * (int(page) - 1) if page.isascii() and page.isdecimal() and 0 < len(page) < 5 else 0
    words = wanted(request, "term")
    found = list((having(faqs, words) if words else faqs)[max(first, 0) : max(first, 0) + OFFERED + 1])
    results = [{"id": str(faq.number), "text": named(faq)} for faq in found[:OFFERED]]
    return JsonResponse({"results": results, "pagination": {"more": len(found) > OFFERED}})


class QuestionSelect(UnfoldAdminAutocompleteModelChoiceFieldWidget):
    """A question's number, chosen by its words, which the page at `address` finds."""

    def offer(self, address: str, chosen: Faq | None) -> None:
        """Have it find questions at the address, and show the one that is chosen."""
        self.attrs |= {"data-ajax--url": address, "lang": get_select2_language() or ""}
        self.choices = [(str(chosen.number), named(chosen))] if chosen else []

    @property
    def media(self) -> Media:
        language = get_select2_language()
        words = [f"admin/js/vendor/select2/i18n/{language}.js"] if language else []
        media: Media = super().media
        media += Media(js=["admin/js/vendor/select2/select2.full.js", *words, "admin/js/jquery.init.js"])
        return media
