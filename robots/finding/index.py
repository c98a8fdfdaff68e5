"""One shop's questions, prepared for being found; and how a sentence compares with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from robots.finding.affinity import sides, views
from robots.finding.background import crowded
from robots.finding.encoder import encode
from robots.finding.lexicon import Lexicon, lexicon
from robots.finding.memory import Memory
from robots.finding.overlap import Overlap, grams
from robots.finding.phrasebook import Vectors, normalised, sharpened
from robots.finding.teaching import Teaching, teaching
from robots.finding.text import core, folded

RANKING = ("affinity", "concepts", "letters", "sounds", "bridge", "echo")
"""What a question is ranked by: learnt likeness of meaning, words of the trade, letters, sounds, known phrases, and how
near it is to what the sentence would mean in other shops."""
PIECE = 500
"""Wordings that are compared with all known questions at once."""


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
    crowded: NDArray[np.float32]
    """How near each entry is to other shops' questions."""
    familiar: float
    """How near the sentence is to other shops' questions."""
    reached: float
    """How near the sentence and any entry are to the same question of another shop."""
    idleness: float
    purpose: float
    """How much it is like anything that shops are asked."""
    length: int
    questions: int
    """How many the shop has."""


class Index:
    """Kept in memory for each shop: about 18 KB a wording."""

    def __init__(
        self,
        entries: Sequence[Entry],
        *,
        synonyms: str = "",
        memory: Memory | None = None,
        taught: Teaching | None = None,
        told: Callable[[int, int], None] | None = None,
    ) -> None:
        """What `memory` knows of a text is not worked out again; `told` hears how many of the others are."""
        self.entries = tuple(entries)
        self._questions = len({entry.owner for entry in entries})
        self._lexicon = lexicon(synonyms)
        self._taught = taught or teaching()
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
        self._bridges = sharpened(self._taught.book.profile(meant)) if entries else np.zeros((1, 1), np.float32)
        self._seen = self._taught.affinity.seen(views(as_typed, in_words_of_the_trade))
        self._reached, self._crowded = self._surroundings()
        self._aimed = self._taught.affinity.aimed(sides(meant, whole, answered))
        self._concepts = Overlap([self._lexicon.concepts(wording) for wording in wordings])
        self._letters = Overlap([grams(core(text)) for text in with_answer])
        self._own_letters = Overlap([grams(core(wording)) for wording in wordings])
        self._sounds = Overlap([grams(_sounds(wording)) for wording in wordings])

    def compare(self, sentence: str) -> Asked:
        """How the sentence compares with every entry. The index has at least one."""
        sentence = self._lexicon.translated(sentence)
        as_typed, canonical = encode([sentence, self._lexicon.canonical(sentence)])[:, np.newaxis]
        meant = between(as_typed, canonical)
        seen = self._taught.affinity.seen(views(as_typed, canonical))
        near = self._taught.background.near(seen)[0]
        letters = grams(core(sentence))
        columns = (
            self._aimed @ seen[0],
            self._concepts.cosine(self._lexicon.concepts(sentence)),
            self._letters.covered(letters),
            self._sounds.cosine(grams(_sounds(sentence))),
            self._bridges @ sharpened(self._taught.book.profile(meant))[0],
            self._seen @ self._taught.background.meant(near),
        )
        return Asked(
            ranking=np.stack(columns, axis=1).astype(np.float32),
            covered=self._own_letters.covered(letters),
            crowded=self._crowded,
            familiar=float(crowded(near)),
            reached=float(np.minimum(self._reached, near).max()),
            idleness=self._taught.book.idleness(meant[0]),
            purpose=self._taught.purpose.of(meant[0]),
            length=len(core(sentence)),
            questions=self._questions,
        )

    def _surroundings(self) -> tuple[Vectors, Vectors]:
        """How near any entry is to each known question, and how crowded it is around each entry."""
        others = self._taught.background
        reached, around = np.full(len(others.questions), -np.inf, np.float32), [np.zeros(0, np.float32)]
        for start in range(0, len(self._seen), PIECE):
            near = others.near(self._seen[start : start + PIECE])
            reached = np.maximum(reached, near.max(axis=0))
            around.append(crowded(near))
        return reached, np.concatenate(around)


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
