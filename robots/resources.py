"""A shop's questions in tables, with django-import-export: what comes in is looked at first, then done."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms.models import fields_for_model
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import Diff, ModelResource
from import_export.results import Result, RowResult
from tablib import Dataset

from robots.columns import LARGEST_NUMBER, Number, Text, YesOrNo
from robots.differences import marked
from robots.models import Faq, Shop
from robots.numbering import give_numbers, repetitions
from robots.room import TEXTS, is_too_small, too_small
from robots.rows import MOST_QUESTIONS, Unreadable
from robots.tables import HEADINGS, Fault

RULES = fields_for_model(Faq, fields=TEXTS)
"""What the pages take of a question."""


def _letters(faqs: Iterable[Faq]) -> int:
    return sum(len(getattr(faq, name)) for faq in faqs for name in TEXTS)


class Changed(Exception):
    """The questions are no longer those that a table was looked at with."""


class Difference(Diff):
    def as_html(self) -> list[tuple[str, str]]:
        """The headings of the columns that change, each with HTML of what goes and what comes."""
        return [
            (_(heading), marked(str(before), str(after)))
            for (name, heading), before, after in zip(HEADINGS.items(), self.left, self.right, strict=True)
            # A new question is the name of its row.
            if before != after and not (self.new and name == "question")
        ]


class Change(RowResult):
    """What becomes of one row of the table."""

    @property
    def number(self) -> int:
        """Its row in the file."""
        return int(self.row_values["row"])

    @property
    def name(self) -> str:
        """The question that it is about, as people know it."""
        return f"{self.row_values['number']}. {self.original or self.object_repr}"

    @property
    def faults(self) -> list[str]:
        """What is wrong with it."""
        told = self.validation_error.message_dict if self.validation_error else {}
        return [_about(name, " ".join(said)) for name, said in told.items()]


def _about(name: str, said: str) -> str:
    """What is said of a column, or of the row as a whole."""
    return _("%(column)s: %(said)s") % {"column": _(HEADINGS[name]), "said": said} if name in HEADINGS else said


class FaqResource(ModelResource):
    """Rows of a table as questions of one shop: one with the number of a question changes it, others are new.

    With `remove` the shop's other questions go.
    """

    number = Field("number", widget=Number(coerce_to_string=False))
    question = Text("question")
    answer = Text("answer")
    phrasings = Text("phrasings")
    keywords = Text("keywords")
    exclusions = Text("exclusions")
    enabled = Field("enabled", widget=YesOrNo(), saves_null_values=False)

    class Meta:
        model = Faq
        fields = tuple(HEADINGS)
        import_id_fields = ("number",)
        skip_unchanged = True
        store_row_values = True
        use_bulk = True
        batch_size = None  # all in the end
        chunk_size = MOST_QUESTIONS

    def __init__(self, shop: Shop, *, remove: bool = False) -> None:
        super().__init__()
        self._shop, self._remove = shop, remove
        self._here: dict[int, Faq] = {}
        self._position = -1
        self._repetitions: dict[int, str] = {}

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        return Difference

    @classmethod
    def get_row_result_class(cls) -> type[RowResult]:
        return Change

    def get_queryset(self) -> QuerySet[Faq]:
        return Faq.objects.filter(shop=self._shop)

    def get_export_headers(self, selected_fields: Any = None) -> list[str]:
        return [_(heading) for heading in HEADINGS.values()]

    def import_data(self, dataset: Dataset, dry_run: bool = False, *, seen: int | None = None) -> Result:
        """Take all rows of a table, or none if some are wrong; with `dry_run` only say what would come of it.

        `seen` is the version of the shop with which the table was looked at. Raises `Changed` where that is another
        by now, and `Unreadable` where the table makes no sense as a whole.
        """
        rows = Dataset(*dataset, headers=dataset.headers)  # it gets more of them
        if dry_run:
            # Within a transaction everything would be written, and taken back.
            return self.import_data_inner(rows, dry_run, False, using_transactions=False, collect_failed_rows=False)
        with transaction.atomic():
            # Two tables for one shop are taken one after the other.
            version = Shop.objects.select_for_update().get(pk=self._shop.pk).version
            if seen not in (None, version):
                raise Changed
            return super().import_data(rows, use_transactions=True, rollback_on_validation_errors=True)

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Each row gets a number, and each question that is to go a row."""
        rows = dataset.dict
        self._here = {faq.number: faq for faq in self.get_queryset()}
        self._position = max((faq.position for faq in self._here.values()), default=-1)
        give_numbers(rows, self._here, remove=self._remove)
        kept = {row["number"] for row in rows}
        left_out = [faq for number, faq in self._here.items() if number not in kept]
        self._repetitions = repetitions(rows, self._here, () if self._remove else left_out)
        self._see_that_it_fits(rows, () if self._remove else left_out)
        if self._remove:
            rows += [{**dict.fromkeys(dataset.headers, ""), "number": faq.number} for faq in left_out]
        dataset.dict = rows

    def _see_that_it_fits(self, rows: Sequence[Mapping[str, Any]], others: Iterable[Faq]) -> None:
        """Raise `Unreadable` if the shop would hold too much; `others` stay beside the rows."""
        before = _letters(self._here.values())
        after = _letters(others)
        for row in rows:
            faq = self._here.get(row["number"], Faq())
            after += sum(len(row[name] if name in row else getattr(faq, name)) for name in TEXTS)
        if is_too_small(before, after):
            raise Unreadable(too_small())

    def get_instance(self, instance_loader: Any, row: Mapping[str, Any]) -> Faq | None:
        return self._here.get(row["number"])

    def init_instance(self, row: Any = None) -> Faq:
        self._position = min(self._position + 1, LARGEST_NUMBER)
        return Faq(shop_id=self._shop.pk, number=row["number"], position=self._position)

    def for_delete(self, row: Mapping[str, Any], instance: Faq) -> bool:
        return not row["row"]  # no file has it

    def import_field(self, field: Field, instance: Faq, row: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        cell = row.get(field.column_name)
        if isinstance(cell, Fault):
            raise ValueError(cell)
        super().import_field(field, instance, row, *args, **kwargs)

    def validate_instance(self, instance: Faq, import_validation_errors: Any = None, *args: Any) -> None:
        """Without a look into the database."""
        errors = dict(import_validation_errors or {})
        for name, rule in RULES.items():
            try:
                if name not in errors:
                    rule.clean(getattr(instance, name))
            except ValidationError as error:
                errors[name] = error
        if instance.number in self._repetitions:
            errors[NON_FIELD_ERRORS] = self._repetitions[instance.number]
        if errors:
            raise ValidationError(errors)

    def bulk_create(self, using_transactions: Any, dry_run: bool, *args: Any, **kwargs: Any) -> None:
        """Write what is new and what changes in as many statements as many take, and robots are told once."""
        faqs = [*self.create_instances, *self.update_instances]
        self.create_instances.clear()
        self.update_instances.clear()
        if dry_run:
            return
        for faq in faqs:
            faq.pk = None  # they are known again by their numbers
        fields = [*TEXTS, "enabled"]
        Faq.objects.bulk_create(faqs, update_conflicts=True, unique_fields=["shop", "number"], update_fields=fields)

    def after_import(self, dataset: Dataset, result: Result, **kwargs: Any) -> None:
        """Unlike the library, leave alone from where the database counts: others may be adding questions meanwhile."""

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> RowResult:
        """What fails without being a fault of the row fails here, too."""
        result: RowResult = super().import_row(row, instance_loader, **kwargs)
        for failed in result.errors:
            raise failed.error
        return result

    def handle_import_error(self, result: Result, error: Exception, raise_errors: bool = False) -> None:
        raise error
