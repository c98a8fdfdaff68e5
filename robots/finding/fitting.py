"""Fitting the model: what `manage.py fit_robot` does. No shop is fitted with what its own phrases have taught."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from robots.finding.confidence import TERMS, Confidence, Scale
from robots.finding.examples import Example, judged
from robots.finding.index import RANKING
from robots.finding.model import Model
from robots.finding.sets import EvaluationSet, digest
from robots.finding.signs import SIGNS, order, signs
from robots.finding.solving import Values, descend, logistic

SURE, LIKELY = 0.8, 0.3
"""From which probability on an answer is given, or a menu: a choice between missed answers and idle menus."""
STRENGTH = 3.0
"""What a weight of the confidences costs: a hundredth or a hundred times as much makes no difference."""


def fitted(sets: Sequence[EvaluationSet], phrases: Sequence[EvaluationSet]) -> Model:
    """The model for these sets, each of them a shop, or idle talk alone; `phrases` are those that make the book."""
    shops = list(judged(sets, phrases))
    heard = [list(shop.whole()) for shop in shops]
    ranking = _ranking([[each for each in examples if each.owner is not None] for examples in heard])
    values, right, answerable = [], [], []
    for example in chain(*heard, *(shop.smaller() for shop in shops)):
        scores, best_first = order(example.asked, ranking)
        first = _first(example, best_first)
        values.append(signs(example.asked, scores, first))
        right.append(example.owner is not None and example.owners[first[0]] == example.owner)
        answerable.append(example.owner is not None)
    scale = _scale(np.array(values))
    terms = scale.terms(values)
    return Model(ranking, scale, _confidence(terms, right), _confidence(terms, answerable), SURE, LIKELY, digest(sets))


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
    return dict(zip(RANKING, map(_short, weights), strict=True))


def _scale(values: Values) -> Scale:
    mean, deviation = values.mean(axis=0), values.std(axis=0) + 1e-4
    return Scale(*(dict(zip(SIGNS, map(_short, some), strict=True)) for some in (mean, deviation)))


def _confidence(terms: Values, wanted: list[bool]) -> Confidence:
    *weights, bias = map(_short, logistic(terms, np.array(wanted, float), strength=STRENGTH))
    return Confidence(bias, dict(zip(TERMS, weights, strict=True)))


def _short(value: float) -> float:
    return round(float(value), 4)
