"""Figures made of measurements."""

import math
from collections.abc import Sequence


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest of the measured values that at least `share` of them do not exceed; `ordered` is not empty."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def milliseconds(seconds: Sequence[float], share: float) -> float | None:
    """A quantile of durations in any order, in milliseconds; None where nothing was measured."""
    if not seconds:
        return None
    return round(quantile(sorted(seconds), share) * 1000, 2)
