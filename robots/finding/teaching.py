"""All that sets of questions have taught, and a sentence is compared with besides a shop's own questions."""

from dataclasses import dataclass
from functools import cache

from robots.finding.affinity import Affinity, affinity
from robots.finding.background import Background, background
from robots.finding.phrasebook import Phrasebook, phrasebook
from robots.finding.purpose import Purpose, purpose


@dataclass(frozen=True)
class Teaching:
    """What some sets have taught."""

    book: Phrasebook
    affinity: Affinity
    purpose: Purpose
    background: Background


@cache
def teaching() -> Teaching:
    """What those that come with the server have taught."""
    return Teaching(phrasebook(), affinity(), purpose(), background())
