"""Fitting the model: what `manage.py fit_robot` does. No shop is fitted with what its own phrases have taught.

The shops are parted into folds, and each is judged as if it were a new one: by what the shops of the other folds teach.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from robots.finding.index import RANKING, Asked, Index, sound
from robots.finding.lessons import PARTS, idle_talk, intended, learnt, meant, written
from robots.finding.model import CONFIDENCE, Model, order, signs
from robots.finding.phrasebook import Phrasebook
from robots.finding.purpose import Purpose
from robots.finding.sets import EvaluationSet
from robots.finding.solving import Values, descend, logistic

SURE, LIKELY = 0.75, 0.35
"""From which probability on an answer is given, or a menu: a choice between missed answers and idle menus."""
FOLDS = 4
"""Into how many parts the shops are parted: each costs as long as learning from all of them."""
HEARD = 5
"""Each shop hears one in so many lines of idle talk, for there are twice as many of them as shops have sentences."""

WEIGHTIER = 2.0
"""The learnt likeness counts so much more than what makes the meant questions likeliest: chosen by leaving out each
shop. Being likely at all and being first are not the same, and a fold's affinity is learnt from fewer shops."""


@dataclass(frozen=True)
class Example:
    """A sentence compared with its shop; `owner` is the question it means, or None."""

    asked: Asked
    owners: tuple[int, ...]
    owner: int | None


def fitted(sets: Sequence[EvaluationSet], phrases: Sequence[EvaluationSet]) -> Model:
    """The model for these sets, each of them a shop, or idle talk alone; `phrases` are those that make the book."""
    shops = [each for each in sets if each.entries()]
    planes = [intended(sets, part=part) for part in range(PARTS)]
    heard = [list(examples) for examples in _by_shop(shops, sets, phrases, planes)]
    ranking = _ranking([[each for each in examples if each.owner is not None] for examples in heard])
    values, right, answerable = [], [], []
    for example in (example for examples in heard for example in examples):
        scores, best_first = order(example.asked, ranking)
        first = _first(example, best_first)
        values.append(signs(example.asked, scores, first))
        right.append(example.owner is not None and example.owners[first[0]] == example.owner)
        answerable.append(example.owner is not None)
    return Model(ranking, _confidence(values, right), _confidence(values, answerable), SURE, LIKELY)


def _by_shop(
    shops: Sequence[EvaluationSet],
    sets: Sequence[EvaluationSet],
    phrases: Sequence[EvaluationSet],
    planes: Sequence[Purpose],
) -> Iterator[Iterator[Example]]:
    """The examples of each shop, judged by what the shops of the other folds teach."""
    for fold in range(FOLDS):
        judged = shops[fold::FOLDS]
        others = [each for each in sets if each not in judged]
        book = written([each for each in phrases if each not in judged], idle_talk(sets))
        affinity, plane = learnt(others), intended(others)
        for number, each in enumerate(judged):
            yield _examples(each, sets, each.index(book, affinity, plane), book, planes, number)


def _examples(
    each: EvaluationSet,
    sets: Sequence[EvaluationSet],
    index: Index,
    book: Phrasebook,
    planes: Sequence[Purpose],
    number: int,
) -> Iterator[Example]:
    owners = tuple(entry.owner for entry in index.entries)
    for query, owner in [*each.sentences(), *_mistyped(each, sets)]:
        yield Example(index.compare(query), owners, owner)
    for place, query in enumerate(idle_talk(sets)):
        if place % HEARD == number % HEARD:
            meaning = meant([query])[0]
            others = Phrasebook(book.phrases, book.starts, np.delete(book.idle, place, axis=0))
            purpose = planes[place % PARTS].of(meaning)
            asked = replace(index.compare(query), idleness=others.idleness(meaning), purpose=purpose)
            yield Example(asked, owners, None)


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


def _ranking(shops: list[list[Example]]) -> dict[str, float]:
    """Weights, none below 0, under which the meant question is the likeliest: a softmax over the shop's questions."""
    tables = [np.stack([example.asked.ranking for example in examples]).astype(np.float64) for examples in shops]
    meant_at = [np.array([example.owners.index(example.owner or 0) for example in examples]) for examples in shops]
    count = sum(map(len, shops))

    def slope(weights: Values) -> Values:
        total = np.zeros_like(weights)
        for table, places in zip(tables, meant_at, strict=True):
            scores = table @ weights
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            total += np.einsum("se,sef->f", shares, table) - table[np.arange(len(table)), places].sum(axis=0)
        return total / count + 1e-3 * weights

    weights = descend(np.ones(len(RANKING)), slope, rate=4.0, steps=400, floor=0.0)
    weights[RANKING.index("affinity")] *= WEIGHTIER
    return dict(zip(RANKING, map(_short, weights), strict=True))


def _confidence(values: list[list[float]], wanted: list[bool]) -> dict[str, float]:
    """A logistic regression over standardised values, told in terms of the values themselves."""
    table = np.array(values)
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    weights = logistic((table - middle) / spread, np.array(wanted, float), strength=3.0)
    plain = weights[:-1] / spread
    bias = weights[-1] - float(plain @ middle)
    return {"bias": _short(bias)} | dict(zip(CONFIDENCE, map(_short, plain), strict=True))


def _short(value: float) -> float:
    return round(float(value), 4)
