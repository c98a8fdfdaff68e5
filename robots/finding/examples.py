"""What the tuning sets' shops hear: themselves, and as they would be with fewer questions.

A set says what its shop answers and what it does not; of what is unknown in the trade it knows little. A part of the
shop has whatever is asked about the other parts for that, and is a small shop besides.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from robots.finding.index import Asked, Index, sound
from robots.finding.lessons import PARTS, idle_talk, intended, meant, taught
from robots.finding.purpose import Purpose
from robots.finding.sets import EvaluationSet
from robots.finding.teaching import Teaching

FOLDS = 4
"""Into how many parts the shops are parted: each costs as long as learning from all of them."""
HEARD = 5
"""Each shop hears one in so many lines of idle talk, for there are twice as many of them as shops have sentences."""
SIZES = (1, 2, 4, 8, 16, 32)
QUESTIONS = 8
"""How many of its questions a shop shows in smaller shops of each size, at least."""


@dataclass(frozen=True)
class Example:
    """A sentence compared with its shop; `owner` is the question it means, or None."""

    asked: Asked
    owners: tuple[int, ...]
    owner: int | None


@dataclass(frozen=True)
class Judged:
    """A shop as if it were a new one, by what the shops of the other folds teach; and what is said idly everywhere."""

    shop: EvaluationSet
    index: Index
    taught: Teaching
    number: int
    idle: tuple[str, ...]
    planes: tuple[Purpose, ...]
    letters: dict[str, str]
    """By their sounds, all that are in the sets."""

    def whole(self) -> Iterator[Example]:
        """All that the shop is asked, and its share of idle talk."""
        asked = [*self.shop.sentences(), *self._mistyped()]
        return self._heard(self.index, asked, range(self.number % HEARD, len(self.idle), HEARD))

    def smaller(self) -> Iterator[Example]:
        """Of parts of the shop what they are asked, and half as much each that is asked about the other parts, that the
        whole does not answer, and idle talk."""
        random = Random(self.shop.name)  # noqa: S311 - the same each time is what is wanted
        strange = [sentence for sentence, owner in self.shop.sentences() if owner is None]
        questions = range(len(self.shop.entries()))
        for size in SIZES:
            places = random.sample(questions, len(questions))
            for start in range(0, min(max(size, QUESTIONS), len(questions) - size), size):
                part = self.shop.alone(places[start : start + size])
                known = [(sentence, owner) for sentence, owner in part.sentences() if owner is not None]
                unknown = [sentence for sentence, owner in part.sentences() if owner is None]
                half = (len(known) + 1) // 2
                others = (random.sample(some, min(half, len(some))) for some in (unknown, strange))
                asked = [*known, *((sentence, None) for some in others for sentence in some)]
                idle = random.sample(range(len(self.idle)), min(half, len(self.idle)))
                yield from self._heard(part.index(self.taught, self.index.memory), asked, idle)

    def _heard(self, index: Index, asked: Sequence[tuple[str, int | None]], idle: Collection[int]) -> Iterator[Example]:
        owners = tuple(entry.owner for entry in index.entries)
        for sentence, owner in asked:
            yield Example(index.compare(sentence), owners, owner)
        for place in idle:
            meaning, book = meant([self.idle[place]])[0], self.taught.book
            without = replace(book, idle=np.delete(book.idle, place, axis=0))
            purpose = self.planes[place % PARTS].of(meaning)
            compared = replace(index.compare(self.idle[place]), idleness=without.idleness(meaning), purpose=purpose)
            yield Example(compared, owners, None)

    def _mistyped(self) -> Iterator[tuple[str, int]]:
        """Every third sentence that means a question, with a letter that sounds the same in place of one in its middle.

        There are next to no typing errors in the sets, and what sounds are worth shows with them alone.
        """
        asked = [(query, owner) for query, owner in self.shop.sentences() if owner is not None]
        for query, owner in asked[::3]:
            for place in range(len(query) // 2, len(query)):
                alike = self.letters.get(sound(query[place]), "")
                if query[place] in alike and len(alike) > 1:
                    other = alike[alike.index(query[place]) - 1]
                    yield query[:place] + other + query[place + 1 :], owner
                    break


def judged(sets: Sequence[EvaluationSet], phrases: Sequence[EvaluationSet]) -> Iterator[Judged]:
    """The shops among the sets; `phrases` are those that make the phrase book."""
    shops, idle, letters = [each for each in sets if each.entries()], idle_talk(sets), _letters_by_sound(sets)
    planes = tuple(intended(sets, part=part) for part in range(PARTS))
    for fold in range(FOLDS):
        new = shops[fold::FOLDS]
        others, book = ([each for each in some if each not in new] for some in (sets, phrases))
        teaching = taught(others, book, idle)
        for number, each in enumerate(new):
            yield Judged(each, each.index(teaching), teaching, number, tuple(idle), planes, letters)


def _letters_by_sound(sets: Sequence[EvaluationSet]) -> dict[str, str]:
    """The characters of the sets, those together that sound the same."""
    found: dict[str, str] = {}
    for letter in sorted({letter for each in sets for query, _ in each.sentences() for letter in query}):
        if "一" <= letter <= "鿿":
            found[sound(letter)] = found.get(sound(letter), "") + letter
    return found
