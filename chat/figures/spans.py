"""Times from question to answer in classes a few percent wide, so that a day's median is a sum over some small rows."""

from collections.abc import Mapping
from math import ceil, log2

FINENESS = 16
"""Classes from some time to twice that: the time that stands for a class is wrong by 2.2 % at most."""
LONGEST = 400
"""The class of a year and more."""


def span_of(seconds: float) -> int:
    """The class of this time; everything up to a second is in the first."""
    return min(int(FINENESS * log2(max(seconds, 1.0))), LONGEST)


def seconds_of(span: int) -> float:
    """The time that stands for the class."""
    return float(2 ** ((span + 0.5) / FINENESS))


def percentile(numbers: Mapping[int, int], share: float) -> float | None:
    """Seconds within which this share of all got their answer; `numbers` says how many are in each class."""
    rank = ceil(share * sum(numbers.values()))
    for span in sorted(numbers):
        rank -= numbers[span]
        if rank <= 0 and numbers[span]:
            return seconds_of(span)
    return None
