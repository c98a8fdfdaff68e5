"""Fitting the model: what `manage.py fit_robot` does. No shop is fitted with what its own phrases have taught."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from robots.finding.affinity import Affinity
from robots.finding.encoder import encode
from robots.finding.index import RANKING, Asked, between, meanings, sound
from robots.finding.lexicon import lexicon
from robots.finding.model import CONFIDENCE, Model, order, signs
from robots.finding.phrasebook import Phrasebook, Vectors
from robots.finding.sets import EvaluationSet

SURE, LIKELY = 0.65, 0.25
"""From which probability on an answer is given, or a menu: a choice between missed answers and idle menus."""
STIFFNESS, SHARPNESS = 0.01, 20.0
"""What a number of the affinity costs, and how much likelier what is nearer is: chosen by leaving out each shop."""
Values = NDArray[np.float64]
Numbers = TypeVar("Numbers", Values, Vectors)


@dataclass(frozen=True)
class Lesson:
    """A shop's sentences and questions, as vectors, and the place of the question that each sentence means."""

    sentences: Vectors
    questions: Vectors
    owners: NDArray[np.int64]


@dataclass(frozen=True)
class Example:
    """A sentence compared with its shop; `owner` is the question it means, or None."""

    asked: Asked
    owners: tuple[int, ...]
    owner: int | None


def written(sets: Sequence[EvaluationSet], without: str = "") -> Phrasebook:
    """The book of the phrases in the sets, but for one shop's."""
    words = lexicon()
    phrases: list[Vectors] = []
    starts, idle = [0], [query for each in sets if not each.entries() for query, _ in each.sentences()]
    for each in sets:
        if each.name != without:
            for line in each.lines:
                if line.question is not None:
                    phrases.append(meanings([line.question, *line.queries], words))
                    starts.append(starts[-1] + len(phrases[-1]))
    return Phrasebook(np.concatenate(phrases), np.array(starts[:-1]), meanings(idle, words))


def learnt(sets: Sequence[EvaluationSet], without: str = "") -> Affinity:
    """The affinity under which each sentence of the sets, but for one shop's, is likeliest to mean its question.

    A softmax over the shop's questions, held near to the plain likeness: there are more numbers in the matrix than
    letters in the sets.
    """
    lessons = [_lesson(each) for each in sets if each.entries() and each.name != without]
    count = sum(len(lesson.owners) for lesson in lessons)

    def slope(matrix: Vectors) -> Vectors:
        total = STIFFNESS * matrix
        for lesson in lessons:
            scores = SHARPNESS * (lesson.sentences @ (lesson.questions + lesson.questions @ matrix.T).T)
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            shares[np.arange(len(shares)), lesson.owners] -= 1
            total += SHARPNESS / count * (lesson.sentences.T @ shares @ lesson.questions)
        return total

    size = lessons[0].questions.shape[1]
    return Affinity(_descend(np.zeros((size, size), np.float32), slope, rate=0.02, steps=200))


@cache
def _lesson(each: EvaluationSet) -> Lesson:
    words, entries = lexicon(), each.entries()
    questions = meanings([entry.wording for entry in entries], words)
    answered = encode([words.translated(entry.wording + entry.answer) for entry in entries])
    asked = [(query, owner) for query, owner in each.sentences() if owner is not None]
    sentences = meanings([query for query, _ in asked], words)
    return Lesson(sentences, between(questions, answered), np.array([owner for _, owner in asked]))


def fitted(sets: Sequence[EvaluationSet]) -> Model:
    """The model for these sets, each of them a shop, or idle talk alone."""
    examples = [example for each in sets if each.entries() for example in _examples(each, sets)]
    ranking = _ranking([example for example in examples if example.owner is not None])
    values, right, answerable = [], [], []
    for example in examples:
        scores, best_first = order(example.asked, ranking)
        first = _first(example, best_first)
        values.append(signs(example.asked, scores, first))
        right.append(example.owner is not None and example.owners[first[0]] == example.owner)
        answerable.append(example.owner is not None)
    return Model(ranking, _logistic(values, right), _logistic(values, answerable), SURE, LIKELY)


def _examples(each: EvaluationSet, sets: Sequence[EvaluationSet]) -> list[Example]:
    book = written(sets, without=each.name)
    index = each.index(book, learnt(sets, without=each.name))
    owners = tuple(entry.owner for entry in index.entries)
    sentences = [*each.sentences(), *_mistyped(each, sets)]
    examples = [Example(index.compare(query), owners, owner) for query, owner in sentences]
    idle = [query for other in sets if not other.entries() for query, _ in other.sentences()]
    for place, query in enumerate(idle):
        others = Phrasebook(book.phrases, book.starts, np.delete(book.idle, place, axis=0))
        asked = index.compare(query)
        asked = Asked(
            asked.ranking,
            asked.covered,
            asked.known,
            asked.shared,
            others.idleness(meanings([query], lexicon())[0]),
            asked.length,
        )
        examples.append(Example(asked, owners, None))
    return examples


def _mistyped(each: EvaluationSet, sets: Sequence[EvaluationSet]) -> Iterator[tuple[str, int]]:
    """Every third sentence that means a question, with a letter that sounds the same in place of one in its middle.

    There are next to no typing errors in the sets, and what sounds are worth shows with them alone.
    """
    letters = _letters_by_sound(tuple(sets))
    asked = [(query, owner) for query, owner in each.sentences() if owner is not None]
    for query, owner in asked[::3]:
        for place in range(len(query) // 2, len(query)):
            alike = letters.get(sound(query[place]), "")
            if query[place] in alike and len(alike) > 1:
                other = alike[alike.index(query[place]) - 1]
                yield query[:place] + other + query[place + 1 :], owner
                break


@cache
def _letters_by_sound(sets: tuple[EvaluationSet, ...]) -> dict[str, str]:
    """The characters of the sets, those together that sound the same."""
    found: dict[str, str] = {}
    for letter in sorted({letter for each in sets for query, _ in each.sentences() for letter in query}):
        if "一" <= letter <= "鿿":
            found[sound(letter)] = found.get(sound(letter), "") + letter
    return found


def _first(example: Example, best_first: NDArray[np.int64]) -> list[int]:
    first: dict[int, int] = {}
    for place in map(int, best_first):
        first.setdefault(example.owners[place], place)
        if len(first) == 3:
            break
    return list(first.values())


def _ranking(examples: list[Example]) -> dict[str, float]:
    """Weights, none below 0, under which the meant question is the likeliest: a softmax over the shop's questions."""

    def slope(weights: Values) -> Values:
        total = np.zeros_like(weights)
        for example in examples:
            rows = example.asked.ranking
            scores = rows @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            total += shares @ rows - rows[example.owners.index(example.owner or 0)]
        return total / len(examples) + 1e-3 * weights

    weights = _descend(np.ones(len(RANKING)), slope, rate=4.0, steps=600, floor=0.0)
    return dict(zip(RANKING, map(_short, weights), strict=True))


def _logistic(values: list[list[float]], wanted: list[bool]) -> dict[str, float]:
    """A regularised logistic regression over standardised values, told in terms of the values themselves."""
    table, truth = np.array(values), np.array(wanted, float)
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    standard = np.hstack([(table - middle) / spread, np.ones((len(table), 1))])
    weights = np.zeros(standard.shape[1])
    strength = np.full(len(weights), 3.0)
    strength[-1] = 0.0
    for _ in range(30):  # Newton's steps; a handful suffices
        guess = 1 / (1 + np.exp(-standard @ weights))
        slope = standard.T @ (guess - truth) + strength * weights
        curve = (standard * (guess * (1 - guess))[:, None]).T @ standard + np.diag(strength + 1e-6)
        weights -= np.linalg.solve(curve, slope)
    plain = weights[:-1] / spread
    bias = weights[-1] - float(plain @ middle)
    return {"bias": _short(bias)} | dict(zip(CONFIDENCE, map(_short, plain), strict=True))


def _descend(
    weights: Numbers, slope: Callable[[Numbers], Numbers], *, rate: float, steps: int, floor: float = -np.inf
) -> Numbers:
    speed = np.zeros_like(weights)
    for _ in range(steps):
        speed = 0.9 * speed - rate * slope(weights)
        weights = np.maximum(weights + speed, floor)
    return weights


def _short(value: float) -> float:
    return round(float(value), 4)
