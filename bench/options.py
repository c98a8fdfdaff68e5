"""How much of a scenario to run."""

from dataclasses import dataclass
from typing import Literal, TypeVar

from bench.load import Span

T = TypeVar("T")


@dataclass(frozen=True)
class Options:
    """`full` gives figures, `quick` an idea of them, `smoke` only shows that the instrument works."""

    size: Literal["full", "quick", "smoke"] = "full"
    seconds: float | None = None
    """For each measurement, if not what belongs to the size."""
    rounds: int = 1
    """How often what is compared takes its turn; the median counts."""
    largest: bool = False
    """Whether `reading` also fills a database with ten million messages."""

    def of(self, full: T, quick: T, smoke: T) -> T:
        """What belongs to the size."""
        return {"full": full, "quick": quick, "smoke": smoke}[self.size]

    @property
    def measures(self) -> bool:
        """Whether the figures are meant."""
        return self.size != "smoke"

    @property
    def span(self) -> Span:
        return Span(self.of(2.0, 1.0, 0.2), self.seconds or self.of(8.0, 3.0, 0.5))

    @property
    def servers(self) -> tuple[str, ...]:
        """The programs that serve us, where both are not the point of the scenario."""
        return self.of(("daphne", "uvicorn"), ("daphne", "uvicorn"), ("uvicorn",))
