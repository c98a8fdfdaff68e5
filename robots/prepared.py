"""The questions of shops as their robots keep them in memory, until a shop has another version."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import DatabaseError

from robots.finding.letters import letters
from robots.learning import Teller, take_up_what_stopped
from robots.models import Faq, Meanings, Shop

if TYPE_CHECKING:
    from robots.finding.index import Index
    from robots.finding.memory import Memory
    from robots.finding.model import Found

logger = logging.getLogger(__name__)

MOST_WORDINGS = 20_000
"""Wordings kept in memory, of all shops together: about 250 MB. The shop whose robot was asked last goes last."""


@dataclass(frozen=True, slots=True)
class Question:
    """A shop's enabled question, and how it may be asked."""

    number: int
    question: str
    answer: str
    wordings: tuple[str, ...]
    keywords: tuple[tuple[str, ...], ...]
    exclusions: tuple[str, ...]

    def is_named_by(self, asked: str) -> bool:
        """All words of one of its sets of keywords are in the letters asked."""
        return any(all(word in asked for word in words) for words in self.keywords)

    def is_excluded_by(self, asked: str) -> bool:
        return any(word in asked for word in self.exclusions)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a sentence means: one question (`sure`), one of up to three, or nothing that the shop knows."""

    sure: Question | None
    perhaps: tuple[Question, ...]
    found: "Found | None" = None
    """What the decision rests on, where it was a matter of likeness."""


class Prepared:
    """All enabled questions of a shop, in the shop's order."""

    def __init__(self, shop: Shop, before: "Prepared | None" = None) -> None:
        self.version = shop.version
        self._shop_id, self._using = shop.pk, shop._state.db or "default"
        self.questions = tuple(map(_question, shop.faqs.filter(enabled=True)))
        self._synonyms = shop.synonyms
        self._before = before
        self._building = threading.Lock()
        self._keyed = [q for q in self.questions if q.keywords]
        self._excluding = [(place, q) for place, q in enumerate(self.questions) if q.exclusions]
        self._by_number = {question.number: question for question in self.questions}
        wordings = [(wording, q) for q in self.questions for wording in q.wordings]
        answers = [(q.answer, q) for q in self.questions]
        self._by_text = {text.strip(): q for text, q in reversed([*wordings, *answers])}
        self._by_text.pop("", None)
        self._by_letters = _first([*wordings, *answers])

    @property
    def size(self) -> int:
        return sum(len(question.wordings) for question in self.questions)

    def exactly(self, content: str, number: int | None) -> Question | None:
        """By number, else equal to a wording or to an answer, to the letter or but for width, case and punctuation."""
        return (
            (self._by_number.get(number) if number is not None else None)
            or self._by_text.get(content.strip())
            or self._by_letters.get(letters(content))
        )

    def decide(self, content: str) -> Decision:
        """What is meant by a sentence that equals nothing that the shop has."""
        # Here, for numpy and the encoder are not loaded by servers whose robots nobody asks.
        from robots.finding.model import find, model

        asked = letters(content)
        named = [q for q in self._keyed if q.is_named_by(asked) and not q.is_excluded_by(asked)]
        if len(named) == 1:
            return Decision(named[0], ())
        excluded = frozenset(place for place, q in self._excluding if q.is_excluded_by(asked))
        found = find(self.index, content, without=excluded)
        likeliest = tuple(self.questions[candidate.owner] for candidate in found.candidates)
        if named:
            return Decision(None, tuple(dict.fromkeys([*named, *likeliest]))[:3], found)
        if found.right >= model().sure:
            return Decision(likeliest[0], (), found)
        return Decision(None, likeliest if found.answerable >= model().likely else (), found)

    @property
    def index(self) -> "Index":
        with self._building:
            return self._index

    @cached_property
    def _index(self) -> "Index":
        from robots.finding.index import Entry, Index

        entries = [Entry(place, wording, q.answer) for place, q in enumerate(self.questions) for wording in q.wordings]
        before, self._before = self._before, None
        known = before.__dict__.get("_index") if before is not None else None
        memory = known.memory if known is not None else _stored(self._shop_id, self._using)
        teller = Teller(self._shop_id, self._using)
        index = Index(entries, synonyms=self._synonyms, memory=memory, told=teller.tell)
        if not index.remembered:
            _store(self._shop_id, self._using, index.memory)
        teller.end()
        return index


def _stored(shop_id: int, using: str) -> "Memory | None":
    """What was worked out for the shop before, by whichever process."""
    from robots.finding.memory import ENCODER, Memory

    kept = Meanings.objects.using(using).filter(shop=shop_id, encoder=ENCODER).first()
    return Memory(bytes(kept.digests), bytes(kept.vectors)) if kept is not None else None


def _store(shop_id: int, using: str, memory: "Memory") -> None:
    from robots.finding.memory import ENCODER

    digests, vectors = memory.packed()
    try:
        Meanings.objects.using(using).update_or_create(
            shop_id=shop_id, defaults={"encoder": ENCODER, "digests": digests, "vectors": vectors}
        )
    except DatabaseError:
        logger.warning("what was worked out for shop %d is not kept", shop_id, exc_info=True)


_kept: OrderedDict[tuple[str, int], Prepared] = OrderedDict()
_keeping = threading.Lock()


def prepared(shop: Shop) -> Prepared:
    """The questions of the shop as it has just been read: of its version, from memory if they are there."""
    key = (shop._state.db or "default", shop.pk)
    with _keeping:
        known = _kept.get(key)
        if known is not None and known.version == shop.version:
            _kept.move_to_end(key)
            return known
    fresh = Prepared(shop, known)
    with _keeping:
        _kept[key] = fresh
        _kept.move_to_end(key)
        while len(_kept) > 1 and sum(each.size for each in _kept.values()) > MOST_WORDINGS:
            _kept.popitem(last=False)
    return fresh


def prepare_changed() -> bool:
    """Prepare a shop whose questions have changed, so that nobody waits for it; whether there was one."""
    take_up_what_stopped()
    shop = Shop.objects.filter(stale=True).order_by("pk").first()
    if shop is None:
        return False
    taken = Shop.objects.filter(pk=shop.pk, stale=True, version=shop.version).update(stale=False)
    if taken and (known := prepared(shop)).questions:
        known.index  # noqa: B018  (it is worked out)
    return True


def warm() -> None:
    """Load what finding answers needs, in a thread of its own, unless it is loaded."""
    from robots.finding.encoder import is_loaded

    if not is_loaded():
        threading.Thread(target=_load, name="encoder", daemon=True).start()


def warm_if_used() -> None:
    """As `warm`, where robots have answered before."""
    if Meanings.objects.exists():
        warm()


def _load() -> None:
    from robots.finding.encoder import encode
    from robots.finding.lexicon import lexicon
    from robots.finding.model import model
    from robots.finding.teaching import teaching
    from robots.finding.text import core

    model()
    teaching()
    lexicon()
    encode([core("您好")])


def _question(faq: Faq) -> Question:
    return Question(
        faq.number,
        faq.question,
        faq.answer,
        tuple(dict.fromkeys([faq.question, *filter(None, map(str.strip, faq.phrasings.splitlines()))])),
        tuple(tuple(map(letters, line.split())) for line in faq.keywords.splitlines() if line.strip()),
        tuple(map(letters, faq.exclusions.split())),
    )


def _first(pairs: Iterable[tuple[str, Question]]) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for text, question in pairs:
        found.setdefault(letters(text), question)
    found.pop("", None)
    return found
