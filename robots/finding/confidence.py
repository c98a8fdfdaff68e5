"""How sure signs make: a logistic regression over them and the products of each two.

What a sign is worth depends on others: among three questions the nearest is near by chance less often than among fifty.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import combinations_with_replacement

import msgspec
import numpy as np
from numpy.typing import NDArray

from robots.finding.signs import SIGNS

PAIRS = tuple(combinations_with_replacement(range(len(SIGNS)), 2))
TERMS = (*SIGNS, *(f"{SIGNS[one]} × {SIGNS[other]}" for one, other in PAIRS))
FARTHEST = 4.0
"""Standard deviations: what is farther from the mean than any set has it tells no more."""

_ONE, _OTHER = (np.array(places) for places in zip(*PAIRS, strict=True))


class Scale(msgspec.Struct, frozen=True):
    """The mean of each sign, and its standard deviation."""

    mean: dict[str, float]
    deviation: dict[str, float]

    def terms(self, values: Sequence[Sequence[float]] | NDArray[np.float64]) -> NDArray[np.float64]:
        """The values of `TERMS`, for each row of values of `SIGNS`."""
        mean, deviation = (np.array([some[name] for name in SIGNS]) for some in (self.mean, self.deviation))
        scaled = np.clip((np.asarray(values, np.float64) - mean) / deviation, -FARTHEST, FARTHEST)
        return np.concatenate([scaled, scaled[:, _ONE] * scaled[:, _OTHER]], axis=1)


class Confidence(msgspec.Struct, frozen=True, dict=True):
    """A weight for each of `TERMS`."""

    bias: float
    weights: dict[str, float]

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        return np.array([self.weights[name] for name in TERMS])

    def probability(self, terms: NDArray[np.float64]) -> float:
        """What the terms of one sentence make likely."""
        total = self.bias + float(terms @ self._weights)
        return float(1 / (1 + np.exp(-max(-30.0, min(30.0, total)))))
