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
        squares = np.zeros(self._count)
        for token, places in self._where.items():
            squares[places] += self._weights[token] ** 2
        self._lengths = np.sqrt(squares).astype(np.float32) + np.float32(1e-9)

    def compared(self, asked: Iterable[Hashable]) -> tuple[Scores, Scores]:
        """For each text the cosine with what is asked, and the share of what is asked that it covers; 0 to 1."""
        square, plain = np.zeros(self._count, np.float32), np.zeros(self._count, np.float32)
        squares = total = 1e-9
        for token in set(asked):
            weight = self._weights.get(token)
            if weight is None:
                weight = self._weight(0)
            else:
                places = self._where[token]
                square[places] += weight * weight
                plain[places] += weight
            squares += weight * weight
            total += weight
        return square / (sqrt(squares) * self._lengths), plain / total

    def _weight(self, texts: int) -> float:
        """Of a token that so many texts have."""
        return log(1 + (self._count + 1) / (texts + 0.5))
