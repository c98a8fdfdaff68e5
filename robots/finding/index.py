"""One shop's questions, prepared for being found; and how a sentence compares with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from robots.finding.encoder import encode
from robots.finding.lexicon import Lexicon, lexicon
from robots.finding.memory import Memory
from robots.finding.overlap import Overlap, grams
from robots.finding.phrasebook import Phrasebook, Vectors, normalised, phrasebook, sharpened
from robots.finding.text import core, folded

RANKING = ("raw", "canonical", "with_answer", "clause", "concepts", "letters", "sounds", "bridge")
"""What a question is ranked by: likenesses of meaning (four), words of the trade, letters, sounds and known phrases."""
_CLAUSES = re.compile(r"[,，。.!！?？;；\s、~]+")


@dataclass(frozen=True)
class Entry:
    """One wording of a shop's question; `owner` is the question's place among the shop's."""

    owner: int
    wording: str
    answer: str


@dataclass(frozen=True)
class Asked:
    """A sentence, and how it compares with each entry."""

    ranking: NDArray[np.float32]
    """A row for each entry, a column for each of `RANKING`."""
    covered: NDArray[np.float32]
    known: NDArray[np.float32]
    """Likeness with each question of the phrase book."""
    shared: NDArray[np.float32]
    """For each entry how near it and the sentence are to the same question of the book."""
    idleness: float
    length: int


class Index:
    """Kept in memory for each shop: about 13 KB a wording."""

    def __init__(
        self,
        entries: Sequence[Entry],
        *,
        synonyms: str = "",
        memory: Memory | None = None,
        book: Phrasebook | None = None,
    ) -> None:
        """What `memory` knows of a text is not worked out again."""
        self.entries = tuple(entries)
        self._lexicon = lexicon(synonyms)
        self._book = book or phrasebook()
        wordings = [self._lexicon.translated(entry.wording) for entry in entries]
        raw = [folded(wording) for wording in wordings]
        canonical = [self._lexicon.canonical(wording) for wording in wordings]
        with_answer = [self._lexicon.translated(entry.wording + entry.answer) for entry in entries]
        texts = list(dict.fromkeys([*raw, *canonical, *with_answer]))
        self.memory, vectors, self.remembered = (memory or Memory()).recalled(texts)
        """What later indexes of the shop need not work out, and whether this one had nothing to work out."""
        places = {text: place for place, text in enumerate(texts)}
        self._raw, self._canonical, self._with_answer = (
            vectors[[places[text] for text in some]] for some in (raw, canonical, with_answer)
        )
        none = np.zeros((0, 1), np.float32)
        self._profiles = self._book.profile(_between(self._raw, self._canonical)) if entries else none
        self._bridges = sharpened(self._profiles)
        self._concepts = Overlap([self._lexicon.concepts(wording) for wording in wordings])
        self._letters = Overlap([grams(core(text)) for text in with_answer])
        self._own_letters = Overlap([grams(core(wording)) for wording in wordings])
        self._sounds = Overlap([grams(_sounds(wording)) for wording in wordings])

    def compare(self, sentence: str) -> Asked:
        """How the sentence compares with every entry. The index has at least one."""
        sentence = whole = self._lexicon.translated(sentence)
        parts = [part for part in _CLAUSES.split(whole) if len(part) > 1][:8]
        texts = [whole, self._lexicon.canonical(sentence), *(parts if len(parts) > 1 else ())]
        vectors = encode(texts)
        raw, canonical = self._raw @ vectors[0], self._canonical @ vectors[1]
        meant = _between(vectors[:1], vectors[1:2])
        known = self._book.profile(meant)
        columns = (
            raw,
            canonical,
            self._with_answer @ vectors[0],
            (self._raw @ vectors[2:].T).max(axis=1) if len(parts) > 1 else raw,
            self._concepts.compared(self._lexicon.concepts(sentence))[0],
            self._letters.compared(grams(core(sentence)))[1],
            self._sounds.compared(grams(_sounds(sentence)))[0],
            self._bridges @ sharpened(known)[0],
        )
        return Asked(
            ranking=np.stack(columns, axis=1).astype(np.float32),
            covered=self._own_letters.compared(grams(core(sentence)))[1],
            known=known[0],
            shared=np.minimum(self._profiles, known).max(axis=1),
            idleness=self._book.idleness(meant[0]),
            length=len(core(sentence)),
        )


def _between(one: Vectors, other: Vectors) -> Vectors:
    middle = one + other
    return normalised(middle)


def meanings(texts: Sequence[str], words: Lexicon) -> Vectors:
    """The vectors by which texts are compared with the phrase book."""
    return _between(encode([folded(text) for text in texts]), encode([words.canonical(text) for text in texts]))


def _sounds(text: str) -> list[str]:
    """The sound of each letter by itself: whoever mistypes a word does not choose among its readings."""
    return [_sound(letter) for letter in core(text)]


@cache
def _sound(letter: str) -> str:
    return lazy_pinyin(letter)[0]
