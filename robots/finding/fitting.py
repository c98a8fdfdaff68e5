"""Fitting the model: what `manage.py fit_robot` does. No shop is fitted with what its own phrases have taught."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from robots.finding.index import RANKING, Asked, sound
from robots.finding.lessons import PARTS, idle_talk, intended, learnt, meant, written
from robots.finding.model import CONFIDENCE, Model, order, signs
from robots.finding.phrasebook import Phrasebook
from robots.finding.purpose import Purpose
from robots.finding.sets import EvaluationSet
from robots.finding.solving import Values, descend, logistic

SURE, LIKELY = 0.75, 0.35
"""From which probability on an answer is given, or a menu: a choice between missed answers and idle menus."""
HEARD = 3
"""Each shop hears one in so many lines of idle talk, for there are as many of them as shops have sentences."""


WEIGHTIER = 2.0
"""The learnt likeness counts so much more than what makes the meant questions likeliest: chosen by leaving out each
shop. Being likely at all and being first are not the same, and a shop's affinity is learnt without the shop."""


@dataclass(frozen=True)
class Example:
    """A sentence compared with its shop; `owner` is the question it means, or None."""

    asked: Asked
    owners: tuple[int, ...]
    owner: int | None


def fitted(sets: Sequence[EvaluationSet]) -> Model:
    """The model for these sets, each of them a shop, or idle talk alone."""
    planes = [intended(sets, part=part) for part in range(PARTS)]
    shops = [each for each in sets if each.entries()]
    examples = [example for number, each in enumerate(shops) for example in _examples(each, sets, planes, number)]
    ranking = _ranking([example for example in examples if example.owner is not None])
    values, right, answerable = [], [], []
    for example in examples:
        scores, best_first = order(example.asked, ranking)
        first = _first(example, best_first)
        values.append(signs(example.asked, scores, first))
        right.append(example.owner is not None and example.owners[first[0]] == example.owner)
        answerable.append(example.owner is not None)
    return Model(ranking, _confidence(values, right), _confidence(values, answerable), SURE, LIKELY)


def _examples(
    each: EvaluationSet, sets: Sequence[EvaluationSet], planes: list[Purpose], number: int
) -> Iterator[Example]:
    book = written(sets, without=each.name)
    index = each.index(book, learnt(sets, without=each.name), intended(sets, without=each.name))
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

    weights = descend(np.ones(len(RANKING)), slope, rate=4.0, steps=600, floor=0.0)
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
