"""How near a customer's words are to a shop's question and its answer, as the tuning sets teach it.

Customers do not talk as shops write, and the encoder knows little of either: what counts between *还没发走* and
*什么时候发货* is learnt as a matrix, the likeness of a sentence and a question being sentence × matrix × question.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from robots.finding.data import DATA
from robots.finding.phrasebook import Vectors

FILE = DATA / "affinity.npz"


@dataclass(frozen=True)
class Affinity:
    """A matrix with a row for each number of a sentence's `views`, and a column for each of a question's `sides`."""

    matrix: Vectors

    def aimed(self, sides: Vectors) -> Vectors:
        """One vector for each question, whose product with a sentence's views is the learnt likeness."""
        aimed: Vectors = sides @ self.matrix.T
        return aimed


def views(as_typed: Vectors, canonical: Vectors) -> Vectors:
    """What a sentence is compared by: its meaning as it is typed, and in words of the trade, abreast."""
    return np.hstack([as_typed, canonical])


def sides(questions: Vectors, with_answers: Vectors, answers: Vectors) -> Vectors:
    """What a question is compared by: its meaning, that of question and answer in one, and the answer's, abreast."""
    return np.hstack([questions, with_answers, answers])


@cache
def affinity() -> Affinity:
    """The one that comes with the server."""
    with np.load(FILE) as stored:
        return Affinity(stored["matrix"].astype(np.float32))
