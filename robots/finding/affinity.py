"""How near a customer's words are to a shop's, as the tuning sets teach it.

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
    """The matrix beside the identity: how the plain product of two meanings is mended."""

    matrix: Vectors

    def aimed(self, questions: Vectors) -> Vectors:
        """The questions' vectors, so turned that their product with a sentence is the learnt likeness."""
        aimed: Vectors = questions + questions @ self.matrix.T
        return aimed


@cache
def affinity() -> Affinity:
    """The one that comes with the server."""
    with np.load(FILE) as stored:
        return Affinity(stored["matrix"].astype(np.float32))
