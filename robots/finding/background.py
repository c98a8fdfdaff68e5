"""What else a sentence may mean than what this shop has an answer to: the questions of all the tuning sets' shops.

A likeness alone tells little, since some sentences are near to everything and some to nothing. It tells more beside
those with the questions of other shops, as a speaker's voice is recognised against a background of other voices.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from robots.finding.data import DATA
from robots.finding.phrasebook import Vectors

FILE = DATA / "background.npz"
NEAREST = 20
"""How many of the nearest questions make up how crowded it is around a sentence."""
SHARPNESS = 20.0
"""How much likelier a question is meant that is nearer."""


@dataclass(frozen=True)
class Background:
    """Known questions as `Affinity.aimed`, a row for each."""

    questions: Vectors

    def near(self, seen: Vectors) -> Vectors:
        """For each sentence, as `Affinity.seen`, its learnt likeness with each known question."""
        likeness: Vectors = seen @ self.questions.T
        return likeness

    def meant(self, near: Vectors) -> Vectors:
        """Of the question that the sentence with these likenesses seems to mean, what `Affinity.aimed` would be."""
        shares = np.exp(SHARPNESS * (near - near.max()))
        middle: Vectors = (shares / shares.sum()) @ self.questions
        return middle


def crowded(near: Vectors) -> Vectors:
    """How near the nearest known questions are, in the mean; of each row."""
    count = min(NEAREST, near.shape[-1])
    mean: Vectors = np.partition(near, -count, axis=-1)[..., -count:].mean(axis=-1)
    return mean


@cache
def background() -> Background:
    """The one that comes with the server."""
    with np.load(FILE) as stored:
        return Background(stored["questions"].astype(np.float32))
