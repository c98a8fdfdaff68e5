"""How much of a scenario to run, and what it is repeated with."""

from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Options:
    """The same seed makes the same people do and suffer the same; what the machine makes of it differs."""

    seed: int
    rounds: int | None = None
    smoke: bool = False
    """Only the short form."""

    def of(self, full: T, smoke: T) -> T:
        """What belongs to the size."""
        return smoke if self.smoke else full

    def times(self, full: int, smoke: int) -> int:
        """How often a fault happens: as asked, or as belongs to the size."""
        return self.rounds or self.of(full, smoke)
