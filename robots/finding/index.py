"""One shop's questions, prepared for being found; and how a sentence compares with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from robots.finding.affinity import Affinity, affinity, sides, views
from robots.finding.encoder import encode
from robots.finding.lexicon import Lexicon, lexicon
from robots.finding.memory import Memory
from robots.finding.overlap import Overlap, grams
from robots.finding.phrasebook import Phrasebook, Vectors, normalised, phrasebook, sharpened
from robots.finding.purpose import Purpose, purpose
from robots.finding.text import core, folded

RANKING = ("affinity", "concepts", "letters", "sounds", "bridge")
"""What a question is ranked by: learnt likeness of meaning, words of the trade, letters, sounds and known phrases."""


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
    shared: float
    """How near the sentence and any entry are to the same question of the book."""
    idleness: float
    purpose: float
    """How much it is like anything that shops are asked."""
    length: int


class Index:
    """Kept in memory for each shop: about 12 KB a wording."""

    def __init__(
        self,
        entries: Sequence[Entry],
        *,
        synonyms: str = "",
        memory: Memory | None = None,
        book: Phrasebook | None = None,
        learnt: Affinity | None = None,
        plane: Purpose | None = None,
        told: Callable[[int, int], None] | None = None,
    ) -> None:
        """What `memory` knows of a text is not worked out again; `told` hears how many of the others are."""
        self.entries = tuple(entries)
        self._lexicon = lexicon(synonyms)
        self._book = book or phrasebook()
        self._purpose = plane or purpose()
        wordings = [self._lexicon.translated(entry.wording) for entry in entries]
        raw = [folded(wording) for wording in wordings]
        canonical = [self._lexicon.canonical(wording) for wording in wordings]
        with_answer = [self._lexicon.translated(entry.wording + entry.answer) for entry in entries]
        answers = [self._lexicon.translated(entry.answer or entry.wording) for entry in entries]
        texts = list(dict.fromkeys([*raw, *canonical, *with_answer, *answers]))
        self.memory, vectors, self.remembered = (memory or Memory()).recalled(texts, told)
        """What later indexes of the shop need not work out, and whether this one had nothing to work out."""
        places = {text: place for place, text in enumerate(texts)}
        as_typed, in_words_of_the_trade, whole, answered = (
            vectors[[places[text] for text in some]] for some in (raw, canonical, with_answer, answers)
        )
        meant = between(as_typed, in_words_of_the_trade)
        profiles = self._book.profile(meant) if entries else np.zeros((1, 1), np.float32)
        self._bridges = sharpened(profiles)
        self._reached = profiles.max(axis=0)
        self._aimed = (learnt or affinity()).aimed(sides(meant, whole, answered))
        self._concepts = Overlap([self._lexicon.concepts(wording) for wording in wordings])
        self._letters = Overlap([grams(core(text)) for text in with_answer])
        self._own_letters = Overlap([grams(core(wording)) for wording in wordings])
        self._sounds = Overlap([grams(_sounds(wording)) for wording in wordings])

    def compare(self, sentence: str) -> Asked:
        """How the sentence compares with every entry. The index has at least one."""
        sentence = self._lexicon.translated(sentence)
        as_typed, canonical = encode([sentence, self._lexicon.canonical(sentence)])[:, np.newaxis]
        meant = between(as_typed, canonical)
        known = self._book.profile(meant)
        columns = (
            self._aimed @ views(as_typed, canonical)[0],
            self._concepts.compared(self._lexicon.concepts(sentence))[0],
            self._letters.compared(grams(core(sentence)))[1],
            self._sounds.compared(grams(_sounds(sentence)))[0],
            self._bridges @ sharpened(known)[0],
        )
        return Asked(
            ranking=np.stack(columns, axis=1).astype(np.float32),
            covered=self._own_letters.compared(grams(core(sentence)))[1],
            known=known[0],
            shared=float(np.minimum(self._reached, known[0]).max()),
            idleness=self._book.idleness(meant[0]),
            purpose=self._purpose.of(meant[0]),
            length=len(core(sentence)),
        )


def between(one: Vectors, other: Vectors) -> Vectors:
    """The directions half way between."""
    middle = one + other
    return normalised(middle)


def meanings(texts: Sequence[str], words: Lexicon) -> Vectors:
    """The vectors by which texts are compared with the phrase book."""
    return between(encode([folded(text) for text in texts]), encode([words.canonical(text) for text in texts]))


def _sounds(text: str) -> list[str]:
    """The sound of each letter by itself: whoever mistypes a word does not choose among its readings."""
    return [sound(letter) for letter in core(text)]


@cache
def sound(letter: str) -> str:
    """How a letter is most often read, in pinyin without tones."""
    return lazy_pinyin(letter)[0]
