"""Finding the numbers under which what is known is likeliest."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from robots.finding.phrasebook import Vectors

Values = NDArray[np.float64]
Numbers = TypeVar("Numbers", Values, Vectors)


def descend(
    weights: Numbers, slope: Callable[[Numbers], Numbers], *, rate: float, steps: int, floor: float = -np.inf
) -> Numbers:
    """Go down a slope with some speed; no weight falls below `floor`."""
    speed = np.zeros_like(weights)
    for _ in range(steps):
        speed = 0.9 * speed - rate * slope(weights)
        weights = np.maximum(weights + speed, floor)
    return weights


def logistic(table: Values, truth: Values, *, strength: float, counts: Values | None = None) -> Values:
    """A regularised logistic regression by Newton's steps; the last weight is the bias, and costs nothing.

    A row counts as often as `counts` says, once without.
    """
    rows = np.hstack([table, np.ones((len(table), 1))])
    counts = np.ones(len(rows)) if counts is None else counts
    weights, cost = np.zeros(rows.shape[1]), np.full(rows.shape[1], strength)
    cost[-1] = 0.0
    for _ in range(30):
        guess = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (guess - truth)) + cost * weights
        curve = (rows * (counts * guess * (1 - guess))[:, None]).T @ rows + np.diag(cost + 1e-9)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-6 * max(1.0, np.abs(weights).max()):
            break
    return weights
