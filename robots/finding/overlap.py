"""How much two texts have in common, where what is rare in a shop counts more than what is frequent."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


def grams(letters: Sequence[str]) -> list[Hashable]:
    """Single letters and pairs of neighbours."""
    return [*letters, *pairwise(letters)]


class Overlap:
    """An inverted index over the texts of a shop, each given as its tokens."""

    def __init__(self, texts: Sequence[Iterable[Hashable]]) -> None:
        self._count = len(texts)
        where: defaultdict[Hashable, list[int]] = defaultdict(list)
        for place, tokens in enumerate(texts):
            for token in set(tokens):
                where[token].append(place)
        self._where = {token: np.array(places, np.int32) for token, places in where.items()}
        self._weights = {token: self._weight(len(places)) for token, places in where.items()}
        self._unknown = self._weight(0)
        squares = np.zeros(self._count)
        for token, places in self._where.items():
            squares[places] += self._weights[token] ** 2
        self._lengths = np.sqrt(squares).astype(np.float32) + np.float32(1e-9)

    def cosine(self, asked: Iterable[Hashable]) -> Scores:
        """For each text the cosine with what is asked; 0 to 1."""
        common, square = np.zeros(self._count, np.float32), 1e-9
        for token in set(asked):
            weight = self._weights.get(token, self._unknown)
            square += weight * weight
            if token in self._where:
                common[self._where[token]] += weight * weight
        return common / (sqrt(square) * self._lengths)

    def covered(self, asked: Iterable[Hashable]) -> Scores:
        """For each text the share of what is asked that it has; 0 to 1."""
        common, total = np.zeros(self._count, np.float32), 1e-9
        for token in set(asked):
            weight = self._weights.get(token, self._unknown)
            total += weight
            if token in self._where:
                common[self._where[token]] += weight
        return common / total

    def _weight(self, texts: int) -> float:
        """Of a token that so many texts have."""
        return log(1 + (self._count + 1) / (texts + 0.5))
