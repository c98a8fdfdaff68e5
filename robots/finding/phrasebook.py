"""How people ask in shops of several trades, and how they talk idly: a bridge between words that share no letter.

The phrases are those of `robots/data/tuning/`; `manage.py fit_robot` writes their vectors beside the model.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from robots.finding.data import DATA

Vectors = NDArray[np.float32]
SHARPNESS = 12.0
"""How much more a near question of the book counts than a far one."""
FILE = DATA / "phrasebook.npz"


@dataclass(frozen=True)
class Phrasebook:
    """The phrases of each known question stand in a row; `starts` says where each question's begin."""

    phrases: Vectors
    lens: Vectors
    """What leaves as few numbers of a vector as phrases have: a third."""
    starts: NDArray[np.int64]
    idle: Vectors

    def profile(self, vectors: Vectors) -> Vectors:
        """For each vector its likeness with each known question."""
        return np.maximum.reduceat(vectors @ self.lens.T @ self.phrases.T, self.starts, axis=1)

    def idleness(self, vector: Vectors) -> float:
        """How much it is like idle talk, up to 1."""
        return float((self.idle @ vector).max())


def sharpened(profiles: Vectors) -> Vectors:
    """Profiles as directions, in which near questions count and far ones do not."""
    near: Vectors = np.exp(SHARPNESS * (profiles - 1))
    return normalised(near)


def normalised(rows: Vectors) -> Vectors:
    """Each row with the length 1."""
    lengths: Vectors = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / lengths


@cache
def phrasebook() -> Phrasebook:
    """The book that comes with the server."""
    with np.load(FILE) as stored:
        phrases, lens, idle = (stored[name].astype(np.float32) for name in ("phrases", "lens", "idle"))
        return Phrasebook(phrases, lens, stored["starts"], idle)
