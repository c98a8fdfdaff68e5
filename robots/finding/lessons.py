"""What sets of questions teach: the phrase book, the affinity, and what shops are asked at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from robots.finding.affinity import Affinity, sides, views
from robots.finding.background import Background
from robots.finding.encoder import WIDTH, encode
from robots.finding.index import meanings
from robots.finding.lexicon import lexicon
from robots.finding.phrasebook import Phrasebook, Vectors
from robots.finding.purpose import Purpose
from robots.finding.sets import EvaluationSet
from robots.finding.solving import descend, logistic
from robots.finding.teaching import Teaching

STIFFNESS, SHARPNESS = 0.007, 20.0
"""What a number of the affinity costs, and how much likelier what is nearer is: chosen by leaving out shops."""
PLAIN = (0.4, 0.4, 0.2)
"""How much each of a question's sides counts before anything is learnt."""
STEEPNESS = 0.0003
"""What a number of the purpose costs, chosen likewise."""
LENS = 192
"""How many numbers of a thousand, or of a phrase's 512, are looked at: with more as many sentences are understood."""
PARTS = 5
"""Idle talk is no shop's, so that a fifth of it at a time is left out of the purpose by which it is judged."""


@dataclass(frozen=True)
class Lesson:
    """Views of a shop's sentences and sides of its questions, and which question each sentence means."""

    sentences: Vectors
    questions: Vectors
    owners: NDArray[np.int64]


def idle_talk(sets: Sequence[EvaluationSet]) -> list[str]:
    """What no shop is asked: the sentences of the sets without questions."""
    return [query for each in sets if not each.entries() for query, _ in each.sentences()]


def meant(texts: Sequence[str]) -> Vectors:
    """As `meanings` of the trade's words, worked out once for each text."""
    return np.stack([_meaning(text) for text in texts])


@cache
def _meaning(text: str) -> Vectors:
    meaning: Vectors = meanings([text], lexicon())[0]
    return meaning


def written(sets: Sequence[EvaluationSet], idle: Sequence[str]) -> Phrasebook:
    """The book of the phrases in the sets, and of idle talk."""
    phrases: list[Vectors] = []
    starts = [0]
    for each in sets:
        for line in each.lines:
            if line.question is not None:
                phrases.append(meant([line.question, *line.queries]))
                starts.append(starts[-1] + len(phrases[-1]))
    lens = _lens(np.concatenate(phrases))
    return Phrasebook(np.concatenate(phrases) @ lens.T, lens, np.array(starts[:-1]), meant(idle))


def learnt(sets: Sequence[EvaluationSet]) -> Affinity:
    """The affinity under which each sentence of the sets is likeliest to mean its question.

    A softmax over the shop's questions, held near to the plain likeness: there are more numbers in the matrix than
    letters in the sets.
    """
    lessons = [_lesson(each) for each in sets if each.entries()]
    count = sum(len(lesson.owners) for lesson in lessons)
    plain: Vectors = np.tile(
        np.hstack([np.eye(WIDTH, dtype=np.float32) * np.float32(share / 2) for share in PLAIN]), (2, 1)
    )

    def slope(matrix: Vectors) -> Vectors:
        total = STIFFNESS * (matrix - plain)
        for lesson in lessons:
            scores = SHARPNESS * (lesson.sentences @ (matrix @ lesson.questions.T))
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            shares[np.arange(len(shares)), lesson.owners] -= 1
            total += SHARPNESS / count * (lesson.sentences.T @ (shares @ lesson.questions))
        return total

    matrix = descend(plain, slope, rate=0.02, steps=100)
    lens = _lens(np.concatenate([lesson.questions for lesson in lessons]) @ matrix.T)
    return Affinity(lens, lens @ matrix)


def intended(sets: Sequence[EvaluationSet], *, part: int | None = None) -> Purpose:
    """The plane between what the sets' shops are asked, and what they do not answer and idle talk.

    Each of the three counts as much. But for one part of the idle talk.
    """
    shops = [each for each in sets if each.entries()]
    idle = [query for place, query in enumerate(idle_talk(sets)) if place % PARTS != part]
    kinds = [
        [query for each in shops for query, owner in each.sentences() if owner is not None],
        [query for each in shops for query, owner in each.sentences() if owner is None],
        idle,
    ]
    table = np.concatenate([meant(kind) for kind in kinds]).astype(np.float64)
    counts = np.concatenate([np.full(len(kind), 1 / len(kind)) for kind in kinds])
    truth = np.arange(len(table)) < len(kinds[0])
    weights = logistic(table, truth.astype(np.float64), strength=STEEPNESS, counts=counts)
    return Purpose(weights[:-1].astype(np.float32), float(weights[-1]))


def aims(sets: Sequence[EvaluationSet], affinity: Affinity) -> Background:
    """The background that the sets' questions are."""
    return Background(affinity.aimed(np.concatenate([_lesson(each).questions for each in sets if each.entries()])))


def taught(sets: Sequence[EvaluationSet], phrases: Sequence[EvaluationSet], idle: Sequence[str]) -> Teaching:
    """All of it: by the sets, of which `phrases` make the book, and by idle talk."""
    affinity = learnt(sets)
    return Teaching(written(phrases, idle), affinity, intended(sets), aims(sets, affinity))


@cache
def _lesson(each: EvaluationSet) -> Lesson:
    words, entries = lexicon(), each.entries()
    questions = meant([entry.wording for entry in entries])
    whole = encode([words.translated(entry.wording + entry.answer) for entry in entries])
    answers = encode([words.translated(entry.answer or entry.wording) for entry in entries])
    asked = [(query, owner) for query, owner in each.sentences() if owner is not None]
    sentences = views(
        encode([words.translated(query) for query, _ in asked]), encode([words.canonical(query) for query, _ in asked])
    )
    return Lesson(sentences, sides(questions, whole, answers), np.array([owner for _, owner in asked]))


def _lens(vectors: Vectors) -> Vectors:
    """Of the directions at right angles in which the vectors lie, those that matter most."""
    lens: Vectors = np.linalg.svd(vectors, full_matrices=False)[2][:LENS]
    return lens
