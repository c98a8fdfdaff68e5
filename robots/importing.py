"""What a table changes of a shop's questions: looked at first, then done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import tablib
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from import_export import fields, widgets
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.results import RowResult

from robots.models import Faq, Shop
from robots.tables import HEADINGS, MOST_QUESTIONS, Unreadable

FIRST_ROW = 2
"""Of what stands below the headings, as programs for tables count."""
YES = ("1", "true", "yes", "y", "是", "启用", "✓")
NO = ("0", "false", "no", "n", "否", "停用", "")
KINDS = {RowResult.IMPORT_TYPE_NEW: "new", RowResult.IMPORT_TYPE_UPDATE: "update"}


@dataclass(frozen=True)
class Line:
    """What becomes of one row of the table."""

    number: int
    """Its row in the file; the headings are row 1."""
    kind: str
    """`new`, `update`, `skip` (nothing changes) or `invalid`."""
    question: str
    cells: Sequence[str] = ()
    """HTML, a cell for each column, with what goes and what comes."""
    errors: Sequence[str] = ()


@dataclass(frozen=True)
class Outcome:
    """What reading a table changes, or would change."""

    lines: Sequence[Line]
    removed: Sequence[str]
    """Questions of the shop that the table has not, if those are to go."""

    @property
    def errors(self) -> list[Line]:
        return [line for line in self.lines if line.errors]

    def count(self, kind: str) -> int:
        return sum(line.kind == kind for line in self.lines)


def imported(shop: Shop, table: tablib.Dataset, *, remove: bool, only_look: bool) -> Outcome:
    """Give the shop the table's questions, all or none: a row with the number of a question changes it, others are new.

    With `remove` the shop's other questions go. With `only_look` nothing is written. Nothing is written either if a row
    has errors.
    """
    with transaction.atomic():
        if not only_look:
            # Two tables for one shop are read one after the other.
            shop = Shop.objects.select_for_update().get(pk=shop.pk)
        resource = QuestionTable(shop)
        resource.give_numbers(table, remove=remove)
        result = resource.import_data(
            table, dry_run=only_look, use_transactions=True, rollback_on_validation_errors=True
        )
        if result.base_errors:
            raise result.base_errors[0].error
        outcome = Outcome(list(_lines(result)), resource.left_out if remove else ())
        if remove and not only_look and not outcome.errors:
            shop.faqs.exclude(number__in=resource.numbers).delete()
            shop.save()
        return outcome


class YesOrNo(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        said = str(value).strip().lower().removesuffix(".0")
        if said in YES:
            return True
        if said in NO:
            return False
        raise ValueError(_("Say 1 or 0."))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "1" if value else "0"


class QuestionTable(ModelResource):
    """How rows become questions of one shop."""

    number = fields.Field("number", "number", widget=widgets.IntegerWidget())
    enabled = fields.Field("enabled", "enabled", widget=YesOrNo())

    class Meta:
        model = Faq
        fields: ClassVar = list(HEADINGS)
        import_order: ClassVar = list(HEADINGS)
        import_id_fields: ClassVar = ["number"]
        instance_loader_class = CachedInstanceLoader
        skip_unchanged = True
        report_skipped = True
        store_instance = True
        use_bulk = True

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self._shop = shop
        here = list(shop.faqs.values_list("number", "question", "position"))
        self._here = {number: question for number, question, _position in here}
        self._position = max((position for _number, _question, position in here), default=-1)
        self.numbers: list[int] = []

    @property
    def left_out(self) -> list[str]:
        """The shop's questions that the table has not."""
        return [question for number, question in self._here.items() if number not in self.numbers]

    def get_queryset(self) -> models.QuerySet[Faq]:
        return self._shop.faqs.all()

    def give_numbers(self, dataset: tablib.Dataset, *, remove: bool) -> None:
        """Number the rows that have no number, and refuse what can't be told apart or is too much."""
        given: list[int | None] = (
            [_number(*cell) for cell in enumerate(dataset["number"])]
            if "number" in dataset.headers
            else [None] * len(dataset)
        )
        numbers = [number for number in given if number is not None]
        repeated = {number for number in numbers if numbers.count(number) > 1}
        if repeated:
            raise Unreadable(_("The number %(number)d stands in several rows.") % {"number": min(repeated)})
        if len({*numbers, *(() if remove else self._here)}) + given.count(None) > MOST_QUESTIONS:
            raise Unreadable(_("A shop can hold %(most)d questions.") % {"most": MOST_QUESTIONS})
        following = max([*numbers, *self._here], default=0)
        for place, number in enumerate(given):
            if number is None:
                following += 1
                given[place] = following
        if "number" in dataset.headers:
            del dataset["number"]
        dataset.insert_col(0, given, header="number")
        self.numbers = [number for number in given if number is not None]

    def validate_instance(
        self, instance: Faq, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Each field by the model's rules, without a look into the database: numbers are told apart already."""
        errors = dict(import_validation_errors or {})
        try:
            instance.clean_fields(exclude={"shop", *errors})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def after_init_instance(self, instance: Faq, new: bool, row: Any, **kwargs: Any) -> None:
        if new:
            self._position += 1
            instance.shop, instance.position = self._shop, self._position


def _lines(result: Any) -> Iterator[Line]:
    for place, row in enumerate(result.rows):
        errors: list[str] = [str(error.error) for error in row.errors]
        if row.validation_error is not None:
            told = getattr(row.validation_error, "message_dict", {"": row.validation_error.messages})
            errors += [
                f"{_(HEADINGS[name])}：{' '.join(texts)}" if name in HEADINGS else " ".join(texts)
                for name, texts in told.items()
            ]
        kind = "invalid" if errors else KINDS.get(row.import_type, "skip")
        yield Line(place + FIRST_ROW, kind, row.object_repr or "", row.diff or (), errors)


def _number(place: int, cell: Any) -> int | None:
    """The number in a cell, none if it is empty."""
    text = str(cell).strip().removesuffix(".0")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Unreadable(_("Row %(row)d: %(text)s is no question number.") % {"row": place + FIRST_ROW, "text": text})
    return int(text) if text else None
