"""From how a sentence compares with a shop's questions to how sure it is which of them is meant.

The coefficients are data, fitted by `manage.py fit_robot` on the sets in `robots/data/tuning/`.
"""

from dataclasses import dataclass
from functools import cache
from math import exp

import msgspec
import numpy as np
from numpy.typing import NDArray

from robots.finding.data import DATA
from robots.finding.index import RANKING, Asked, Index

FILE = DATA / "model.json"
CONFIDENCE = (
    "score", "share", "share_of_three", "margin", "idleness", "purpose", "known", "unshared", "covered", "length",
    *RANKING, "best_affinity", "best_letters",
)  # fmt: skip
"""What tells whether the first candidate is right."""


class Model(msgspec.Struct, frozen=True):
    """Weights by name, and from which probability on an answer is given, or a menu."""

    ranking: dict[str, float]
    right: dict[str, float]
    answerable: dict[str, float]
    sure: float
    likely: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, by its owner's place, with the wording that came nearest and why."""

    owner: int
    wording: str
    score: float
    reasons: dict[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, best first, and the probabilities that the first is right and that the shop has an answer at all."""

    candidates: tuple[Candidate, ...]
    right: float
    answerable: float


NOTHING = Found((), 0.0, 0.0)


@cache
def model() -> Model:
    """The model that comes with the server."""
    return msgspec.json.decode(FILE.read_bytes(), type=Model)


def order(asked: Asked, ranking: dict[str, float]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The score of each entry, and the entries from the best on."""
    scores = asked.ranking @ np.array([ranking[name] for name in RANKING], np.float32)
    return scores, np.argsort(-scores, kind="stable")


def signs(asked: Asked, scores: NDArray[np.float32], first: list[int]) -> list[float]:
    """The values of `CONFIDENCE`. `first` are the best entries of different questions, at most three."""
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
        float(asked.known.max()),
        float(asked.known.max()) - asked.shared,
        float(asked.covered[best]),
        min(asked.length, 30) / 10,
        *map(float, asked.ranking[best]),
        *(float(asked.ranking[:, RANKING.index(name)].max()) for name in ("affinity", "letters")),
    ]


def find(index: Index, sentence: str, *, without: frozenset[int] = frozenset(), using: Model | None = None) -> Found:
    """The questions that the sentence may mean; never those whose place is in `without`."""
    if not index.entries or not sentence.strip():
        return NOTHING
    using = using or model()
    asked = index.compare(sentence)
    scores, best_first = order(asked, using.ranking)
    first: dict[int, int] = {}
    for place in map(int, best_first):
        owner = index.entries[place].owner
        if owner not in without:
            first.setdefault(owner, place)
        if len(first) == 3:
            break
    if not first:
        return NOTHING
    seen = signs(asked, scores, list(first.values()))
    candidates = tuple(
        Candidate(
            owner,
            index.entries[place].wording,
            float(scores[place]),
            dict(zip(RANKING, map(float, asked.ranking[place]), strict=True)),
        )
        for owner, place in first.items()
    )
    # Fitted apart, the two may contradict each other where a sentence or a shop is like none of the sets.
    answerable = probability(using.answerable, seen)
    return Found(candidates, min(probability(using.right, seen), answerable), answerable)


def probability(weights: dict[str, float], values: list[float]) -> float:
    """A logistic regression's answer."""
    total = weights["bias"] + sum(weights[name] * value for name, value in zip(CONFIDENCE, values, strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))
