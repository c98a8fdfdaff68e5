"""The forms of a shop's page: the shop, and its questions."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from accounts.admin.lists import NamedRows
from accounts.models import Account
from robots import room, speaking
from robots.admin.seen import Seen
from robots.models import Faq, Shop
from robots.rows import MOST_QUESTIONS

LARGEST = 2**31 - 1
"""What the database keeps of a number or a position."""


SAYINGS = ("greeting", "suggestion", "fallback", "handover", "away")
"""What a shop says."""
LISTS = ("synonyms", "hours")


class LinesField(forms.CharField):
    """A text whose lines end as everywhere else, and not as browsers send them."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class SeenField(forms.CharField):
    """The state in which a page was opened: that another one was sent is no change of anything."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class ShopForm(forms.ModelForm):
    """A shop, as it was when its page was opened."""

    seen = SeenField(required=False)
    """Its state then: saving writes all rows of the page, and would undo what others have done since."""

    def is_multipart(self) -> bool:
        """Each Chinese letter takes nine bytes in a plain form, and three so."""
        return True

    class Meta:
        model = Shop
        fields: ClassVar = [
            "app",
            "number",
            "account",
            "name",
            "greeting",
            "suggestion",
            "fallback",
            "synonyms",
            "enabled",
            "guests",
            "speaks",
            "hours",
            "time_zone",
            "quiet_minutes",
            "handover",
            "away",
        ]
        help_texts: ClassVar = {
            "enabled": _(
                "Disabling a shop disables its account, too, and closes its sockets at once; "
                "enabling it enables the account again."
            )
        }
        field_classes: ClassVar = dict.fromkeys((*SAYINGS, *LISTS), LinesField)
        widgets: ClassVar = {
            name: UnfoldAdminTextareaWidget({"rows": 3 if name in LISTS else 2}) for name in field_classes
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.instance.pk and Seen.unpacked(given.get("seen", "")).version != self._version():
            self.add_error(
                None,
                _(
                    "Somebody has changed this shop or its questions since this page was opened, and nothing is saved "
                    "yet. What you have typed is still here, and what they have changed stands with it: look at it, "
                    "and save again."
                ),
            )
        if "hours" in given and speaking.is_always(given.get("speaks", ""), given["hours"]) and self._timed_anew():
            self.add_error("hours", speaking.ALWAYS)
        account: Account | None = given.get("account")
        app_id = given["app"].pk if given.get("app") else self.instance.app_id
        if account is not None and account.kind != Account.Kind.PERSON:
            self.add_error("account", _("A shop can't talk through an app's notification account."))
        elif account is not None and app_id is not None and account.app_id != app_id:
            self.add_error("account", _("This account belongs to another app than the shop."))
        return given

    def _timed_anew(self) -> bool:
        return not {"speaks", "hours"}.isdisjoint(self.changed_data)

    def _version(self) -> int:
        """The version that the shop has until this transaction ends."""
        shops = Shop.objects.select_for_update().filter(pk=self.instance.pk)
        return shops.values_list("version", flat=True).get()


class FaqForm(forms.ModelForm):
    """A question whose number and position may be left to the server."""

    number = forms.IntegerField(
        label=_("question number"), required=False, min_value=1, max_value=LARGEST, widget=UnfoldAdminIntegerFieldWidget
    )
    position = forms.IntegerField(
        label=_("position"), required=False, min_value=0, max_value=LARGEST, widget=UnfoldAdminIntegerFieldWidget
    )
    answer = LinesField(label=_("answer"), max_length=2000, widget=UnfoldAdminTextareaWidget({"rows": 2}))

    class Meta:
        model = Faq
        fields: ClassVar = [
            "position",
            "number",
            "question",
            "answer",
            "phrasings",
            "keywords",
            "exclusions",
            "enabled",
        ]
        field_classes: ClassVar = dict.fromkeys(("phrasings", "keywords", "exclusions"), LinesField)
        widgets: ClassVar = {name: UnfoldAdminTextareaWidget({"rows": 2}) for name in field_classes}

    def has_changed(self) -> bool:
        """Dragging numbers every row anew, the empty ones too: an empty row with a position is still empty."""
        return bool(super().has_changed() and (self.instance.pk or set(self.changed_data) - {"position"}))

    def validate_constraints(self) -> None:
        """A look for each of 2,000 questions that keep their numbers would find nothing."""
        if not self.instance.pk or "number" in self.changed_data:
            super().validate_constraints()


class FaqFormSet(NamedRows):
    """A page of a shop's questions. What is sent names its rows itself, whichever page they stood on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and hasattr(self, "_queryset"):
            del self._queryset

    def save(self, commit: bool = True) -> list[Faq]:
        """Write all rows at once: whoever drags one to another place changes the positions of many."""
        saved: list[Faq] = super().save(commit=False)
        if commit:
            Faq.objects.filter(pk__in=[faq.pk for faq in self.deleted_objects]).delete()
            fields = {name for _faq, names in self.changed_objects for name in names}
            if fields:
                Faq.objects.bulk_update([faq for faq, _names in self.changed_objects], sorted(fields))
            Faq.objects.bulk_create(self.new_objects)
        return saved

    def clean(self) -> None:
        """Give new questions the next free number of the shop, and a place after the others."""
        super().clean()
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        here = [form.instance.pk for form in kept if form.instance.pk]
        others = Faq.objects.filter(shop=self.instance.pk).exclude(pk__in=here)
        last = others.aggregate(count=Count("pk"), number=Max("number"), position=Max("position"))
        if last["count"] + sum(not self._should_delete_form(form) for form in kept) > MOST_QUESTIONS:
            raise forms.ValidationError(_("A shop can hold %(most)d questions."), params={"most": MOST_QUESTIONS})
        self._see_that_it_fits(kept, others)
        number = max((form.instance.number or 0 for form in kept), default=0)
        position = max((form.instance.position or 0 for form in kept), default=0)
        number, position = max(number, last["number"] or 0), max(position, last["position"] or 0)
        for form in kept:
            if form.instance.number is None:
                number += 1
                form.instance.number = number
            if form.instance.position is None:
                position += 1
                form.instance.position = position

    def _see_that_it_fits(self, kept: "list[forms.BaseForm]", others: QuerySet[Faq]) -> None:
        """Refuse what is too much text for a shop, beside the questions that are on other pages."""
        here = [form.cleaned_data for form in kept if not self._should_delete_form(form)]
        after = room.letters(others) + sum(len(given.get(name) or "") for given in here for name in room.TEXTS)
        if room.is_too_small(0, after):
            before = room.letters(Faq.objects.filter(shop=self.instance.pk))
            if room.is_too_small(before, after):
                raise forms.ValidationError(room.too_small())
