"""What a table changes of a shop's questions: looked at first, then done."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import transaction
from django.db.models import Field
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from robots.differences import marked
from robots.models import Faq, Shop
from robots.rows import MOST_QUESTIONS, Unreadable, tidy, too_many
from robots.tables import HEADINGS, Line, Table

LARGEST_NUMBER = 2**31 - 1
YES = ("1", "true", "yes", "y", "on", "是", "启用", "✓", "√")
NO = ("0", "false", "no", "n", "off", "否", "停用", "×")
NUMBER = re.compile(r"([0-9]{1,10})(?:\.0*)?")
TEXTS = ("question", "answer", "phrasings", "keywords", "exclusions")
FIELDS = (*TEXTS, "enabled")


class Changed(Exception):
    """The questions are no longer those that a table was looked at with."""


@dataclass
class Change:
    """What becomes of one row of the table."""

    number: int
    """Its row in the file."""
    faq: Faq
    kind: str
    """`new`, `update`, `skip` (nothing changes) or `invalid`."""
    before: dict[str, str]
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The question that it is about, as people know it."""
        return f"{self.faq.number}. {self.before.get('question', self.faq.question)}"

    @property
    def parts(self) -> list[tuple[str, SafeString]]:
        """The headings of the columns that change, each with HTML of what goes and what comes."""
        after = _shown(self.faq)
        before = self.before or {"question": after["question"], "enabled": "1"}
        return [
            (_(HEADINGS[name]), marked(before.get(name, ""), text))
            for name, text in after.items()
            if text != before.get(name, "")
        ]


@dataclass(frozen=True)
class Outcome:
    """What reading a table changes, or would change."""

    changes: Sequence[Change]
    removed: Sequence[str]
    """Questions of the shop that the table has not, if those are to go."""

    @property
    def errors(self) -> list[Change]:
        return [change for change in self.changes if change.errors]

    @property
    def visible(self) -> list[Change]:
        return [change for change in self.changes if change.kind in ("new", "update")]

    def count(self, kind: str) -> int:
        return sum(change.kind == kind for change in self.changes)


def compared(shop: Shop, table: Table, *, remove: bool) -> Outcome:
    """What it would change if the shop got the table's questions; nothing is written."""
    return _outcome(shop, table, remove=remove)[0]


def imported(shop: Shop, table: Table, *, remove: bool, seen: int | None = None) -> Outcome:
    """Give the shop the table's questions, all or none: a row with the number of a question changes it, others are new.

    With `remove` the shop's other questions go. Nothing is written if a row has errors. `seen` is the version of the
    shop with which the table was compared; it raises `Changed` where that is another by now.
    """
    with transaction.atomic():
        # Two tables for one shop are taken one after the other.
        shop = Shop.objects.select_for_update().get(pk=shop.pk)
        if seen is not None and shop.version != seen:
            raise Changed
        outcome, left_out = _outcome(shop, table, remove=remove)
        if not outcome.errors:
            _write(shop, outcome, left_out if remove else ())
    return outcome


def _outcome(shop: Shop, table: Table, *, remove: bool) -> tuple[Outcome, list[Faq]]:
    """What becomes of the table's rows, and the shop's questions that are not in it."""
    here = {faq.number: faq for faq in shop.faqs.all()}
    numbers = _numbers(table, here, remove=remove)
    kept = set(numbers)
    left_out = [faq for number, faq in here.items() if number not in kept]
    changes = list(_changes(shop, table, numbers, here))
    _refuse_repeated(changes, () if remove else left_out)
    return Outcome(changes, [faq.question for faq in left_out] if remove else ()), left_out


def _numbers(table: Table, here: dict[int, Faq], *, remove: bool) -> list[int]:
    """A question number for each line: its own, or the next free one."""
    given = [_number(line) for line in table.lines]
    known = {number for number in given if number is not None}
    rows: dict[int, int] = {}
    for line, number in zip(table.lines, given, strict=True):
        if number is not None and rows.setdefault(number, line.number) != line.number:
            where = {"number": number, "first": rows[number], "second": line.number}
            raise Unreadable(_("The number %(number)d stands in row %(first)d and in row %(second)d.") % where)
    if len(known | (set() if remove else here.keys())) + given.count(None) > MOST_QUESTIONS:
        raise too_many()
    taken = known | here.keys()
    last = max(taken, default=0)
    behind = last + given.count(None) <= LARGEST_NUMBER
    free = count(last + 1) if behind else (number for number in count(1) if number not in taken)
    return [next(free) if number is None else number for number in given]


def _number(line: Line) -> int | None:
    """The question number in a line, none if it has none."""
    said = line.texts.get("number", "").replace(",", "")
    if not said:
        return None
    found = NUMBER.fullmatch(said)
    if found is None or not 0 < int(found[1]) <= LARGEST_NUMBER:
        raise Unreadable(_("Row %(row)d: %(text)s is no question number.") % {"row": line.number, "text": said[:20]})
    return int(found[1])


def _changes(shop: Shop, table: Table, numbers: Sequence[int], here: dict[int, Faq]) -> Iterator[Change]:
    position = max((faq.position for faq in here.values()), default=-1)
    for line, number in zip(table.lines, numbers, strict=True):
        faq = here.get(number)
        before = _shown(faq) if faq is not None else {}
        if faq is None:
            position = min(position + 1, LARGEST_NUMBER)
            faq = Faq(shop=shop, number=number, position=position)
        errors = [_about(name, fault) for name, fault in line.faults.items()]
        errors += _given(faq, line)
        kind = "new" if not before else "skip" if before == _shown(faq) else "update"
        if kind != "skip":
            errors += _wrong(faq, line)
        yield Change(line.number, faq, "invalid" if errors else kind, before, errors)


def _given(faq: Faq, line: Line) -> Iterator[str]:
    """Let the question have what the line says; what of it can't be understood."""
    for name in TEXTS:
        text = tidy(line.texts.get(name, ""))
        # What differs in the ends of lines, or in blanks around it, is no other text.
        if name in line.texts and text != tidy(getattr(faq, name)):
            setattr(faq, name, text)
    said = line.texts.get("enabled", "").lower()
    if said in YES or said in NO:
        faq.enabled = said in YES
    elif said:
        yield _about("enabled", _("Say 1 or 0."))


def _wrong(faq: Faq, line: Line) -> Iterator[str]:
    """What the database or the pages would not take of a question."""
    for name in TEXTS:
        model_field, text = Faq._meta.get_field(name), getattr(faq, name)
        assert isinstance(model_field, Field)
        assert model_field.max_length is not None
        try:
            ProhibitNullCharactersValidator()(text)
            MaxLengthValidator(model_field.max_length)(text)
            if name not in line.faults:
                model_field.clean(text, faq)
        except ValidationError as error:
            yield _about(name, " ".join(error.messages))


def _about(name: str, said: str) -> str:
    """What is said of a column."""
    return _("%(column)s: %(said)s") % {"column": _(HEADINGS[name]), "said": said}


def _refuse_repeated(changes: Sequence[Change], others: Sequence[Faq]) -> None:
    """A question that comes must not be there already: the robot would never give the second answer."""
    rows: dict[str, Change] = {}
    numbers = {" ".join(faq.question.split()): faq.number for faq in others}
    # Those that were there before have the right to stay.
    for change in sorted(changes, key=lambda change: change.before.get("question") != change.faq.question):
        question = " ".join(change.faq.question.split())
        if not question:
            continue
        first = rows.setdefault(question, change)
        if change.before.get("question") == change.faq.question:
            continue
        said = ""
        if first is not change:
            said = _("This question stands in row %(row)d, too.") % {"row": first.number}
        elif question in numbers:
            said = _("The shop has this question already: give its number, %(number)d, to change it.") % {
                "number": numbers[question]
            }
        if said:
            change.errors.append(said)
            change.kind = "invalid"


def _write(shop: Shop, outcome: Outcome, removed: Sequence[Faq]) -> None:
    """In as many statements as many questions take, and the robot is told once."""
    if removed:
        shop.faqs.filter(number__in=[faq.number for faq in removed]).delete()
    faqs = [change.faq for change in outcome.visible]
    for faq in faqs:
        faq.pk = None  # they are known again by their numbers
    Faq.objects.bulk_create(
        faqs,
        update_conflicts=True,
        unique_fields=["shop", "number"],
        update_fields=FIELDS,
    )


def _shown(faq: Faq) -> dict[str, str]:
    """What of a question can change."""
    return {**{name: getattr(faq, name) for name in TEXTS}, "enabled": "1" if faq.enabled else "0"}
