"""From how a sentence compares with a shop's questions to how sure it is which of them is meant.

The coefficients are data, fitted by `manage.py fit_robot` on the sets in `robots/data/tuning/`.
"""

from dataclasses import dataclass
from functools import cache

import msgspec

from robots.finding.confidence import Confidence, Scale
from robots.finding.data import DATA
from robots.finding.index import RANKING, Index
from robots.finding.signs import order, signs

FILE = DATA / "model.json"


class Model(msgspec.Struct, frozen=True):
    """Weights by name, and from which probability on an answer is given, or a menu."""

    ranking: dict[str, float]
    scale: Scale
    right: Confidence
    answerable: Confidence
    sure: float
    likely: float
    sets: str
    """The digest of those that it was fitted to."""


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


def find(index: Index, sentence: str, *, without: frozenset[int] = frozenset()) -> Found:
    """The questions that the sentence may mean; never those whose place is in `without`."""
    if not index.entries or not sentence.strip():
        return NOTHING
    using, asked = model(), index.compare(sentence)
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
    candidates = tuple(
        Candidate(
            owner,
            index.entries[place].wording,
            float(scores[place]),
            dict(zip(RANKING, map(float, asked.ranking[place]), strict=True)),
        )
        for owner, place in first.items()
    )
    terms = using.scale.terms([signs(asked, scores, list(first.values()))])[0]
    # Fitted apart, the two may contradict each other where a sentence or a shop is like none of the sets.
    answerable = using.answerable.probability(terms)
    return Found(candidates, min(using.right.probability(terms), answerable), answerable)
