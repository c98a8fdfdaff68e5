"""Which question each row of a table is about."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from django.utils.translation import gettext as _

from robots.asked import same_words
from robots.columns import LARGEST_NUMBER, Number
from robots.models import Faq
from robots.rows import MOST_QUESTIONS, too_many
from robots.tables import Fault


def give_numbers(rows: Sequence[dict[str, Any]], here: Mapping[int, Faq], *, remove: bool) -> None:
    """Each row gets a question number, its own or the next free one; what is no number stays as it is.

    A number that another row has already becomes a `Fault`. `here` are the shop's questions, which go with `remove`.
    Raises `Unreadable` if these are too many.
    """
    given = [_number(row["number"]) for row in rows]
    known: dict[int, int] = {}
    for number, row in zip(given, rows, strict=True):
        if number is not None and known.setdefault(number, row["row"]) != row["row"]:
            where = {"number": number, "first": known[number], "second": row["row"]}
            row["number"] = Fault(_("The number %(number)d stands in row %(first)d and in row %(second)d.") % where)
        elif number is not None:
            row["number"] = number
    unnumbered = [row for row in rows if not row["number"]]
    taken = known.keys() | here.keys()
    if len(known if remove else taken) + len(unnumbered) > MOST_QUESTIONS:
        raise too_many()
    last = max(taken, default=0)
    behind = last + len(unnumbered) <= LARGEST_NUMBER
    free = count(last + 1) if behind else (number for number in count(1) if number not in taken)
    for number, row in zip(free, unnumbered, strict=False):
        row["number"] = number


def _number(cell: str) -> int | None:
    try:
        return Number().clean(cell)
    except ValueError:
        return None


def repetitions(rows: Sequence[Mapping[str, Any]], here: Mapping[int, Faq], others: Iterable[Faq]) -> dict[int, str]:
    """What is said of questions that are there already, by their numbers: the robot would never give their answers.

    `others` are those of the shop that stay besides.
    """
    there: dict[str, str] = {}
    coming: list[tuple[int, str, str]] = []
    for row in rows:
        number, question = row["number"], same_words(row["question"])
        said = _("This question stands in row %(row)d, too.") % {"row": row["row"]}
        if number in here and question == same_words(here[number].question):
            there.setdefault(question, said)  # those that were there before have the right to stay
        elif question and not isinstance(row["question"], Fault):
            coming.append((number, question, said))
    for faq in others:
        said = _("The shop has this question already: give its number, %(number)d, to change it.")
        there.setdefault(same_words(faq.question), said % {"number": faq.number})
    found = ((number, there.setdefault(question, said), said) for number, question, said in coming)
    return {number: first for number, first, said in found if first != said}
