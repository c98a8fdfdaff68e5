"""How near a customer's words are to a shop's question and its answer, as the tuning sets teach it.

Customers do not talk as shops write, and the encoder knows little of either: what counts between *还没发走* and
*什么时候发货* is learnt as a matrix: the likeness of a sentence and a question is sentence × matrix × question. It is
kept as the product of two that are a fifth as wide, by which as many sentences are understood.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from robots.finding.data import DATA
from robots.finding.phrasebook import Vectors

FILE = DATA / "affinity.npz"


@dataclass(frozen=True)
class Affinity:
    """Two matrices of as many rows: a column for each number of a sentence's `views`, or of a question's `sides`."""

    lens: Vectors
    aim: Vectors

    def seen(self, views: Vectors) -> Vectors:
        """A row for each sentence. Its product with a question's `aimed` is the learnt likeness."""
        seen: Vectors = views @ self.lens.T
        return seen

    def aimed(self, sides: Vectors) -> Vectors:
        """A row for each question."""
        aimed: Vectors = sides @ self.aim.T
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
        return Affinity(stored["lens"].astype(np.float32), stored["aim"].astype(np.float32))
