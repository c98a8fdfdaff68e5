"""Whether a sentence is anything that shops are asked at all, whatever this shop's questions are.

Likeness says which of a shop's questions is nearest, and idle talk has a nearest one, too. The tuning sets hold
thousands of sentences that shops are asked, and many that they are not: idle talk, errands, other trades' matters. A
plane between their vectors tells the two apart.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from robots.finding.data import DATA
from robots.finding.phrasebook import Vectors

FILE = DATA / "purpose.npz"


@dataclass(frozen=True)
class Purpose:
    """A plane: on its one side lies what shops answer, on the other what they do not."""

    direction: Vectors
    offset: float

    def of(self, meaning: Vectors) -> float:
        """How far on the shops' side the meaning lies; below 0 on the other."""
        return float(self.direction @ meaning) + self.offset


@cache
def purpose() -> Purpose:
    """The one that comes with the server."""
    with np.load(FILE) as stored:
        return Purpose(stored["direction"].astype(np.float32), float(stored["offset"]))
