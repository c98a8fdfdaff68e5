"""What tells whether a sentence's first candidate is right, and whether the shop has an answer at all."""

from math import log

import numpy as np
from numpy.typing import NDArray

from robots.finding.index import RANKING, Asked

SIGNS = (
    "score", "share", "share_of_three", "margin", "idleness", "purpose", "familiar", "reached", "crowded", "covered",
    "length", "size", *RANKING, "best_affinity", "best_letters",
)  # fmt: skip
LONG, LARGE = 30, 48
"""Letters and questions that count, and no more: hardly a sentence of the sets is longer, or a shop larger."""


def order(asked: Asked, ranking: dict[str, float]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The score of each entry, and the entries from the best on."""
    scores = asked.ranking @ np.array([ranking[name] for name in RANKING], np.float32)
    return scores, np.argsort(-scores, kind="stable")


def signs(asked: Asked, scores: NDArray[np.float32], first: list[int]) -> list[float]:
    """The values of `SIGNS`. `first` are the best entries of different questions, at most three."""
    best, top = first[0], scores[first[0]]
    shares = np.exp(scores - top)
    shares /= shares.sum()
    return [
        float(top),
        float(shares[best]),
        float(shares[first].sum()),
        float(top - scores[first[1]]) if len(first) > 1 else float(top),
        asked.idleness,
        asked.purpose,
        asked.familiar,
        asked.reached,
        float(asked.crowded[best]),
        float(asked.covered[best]),
        min(asked.length, LONG) / 10,
        log(min(asked.questions, LARGE)),
        *map(float, asked.ranking[best]),
        *(float(asked.ranking[:, RANKING.index(name)].max()) for name in ("affinity", "letters")),
    ]
