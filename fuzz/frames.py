"""The codec alone, at full speed: mutated frames in this process, led by the outcomes that they have.

An input whose outcome was not seen before becomes one that others are made from. That takes the place of measuring
which lines are reached: nearly all of the decoding is in a compiled library, and each outcome is a way through it.
"""

import faulthandler
import random
import resource
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from fuzz import corpus
from fuzz.grammar import Grammar
from fuzz.judging import outcome
from fuzz.mutations import mutate

LONGEST_WAIT = 10
"""Seconds after which a single input counts as hanging: the process then ends and says where it was."""
MEMORY = 64 * 1024
"""Kibibytes by which the process may grow while it decodes: what it keeps of the inputs is far less."""
MOST_PARENTS = 2000


@dataclass
class Findings:
    """What a campaign has seen."""

    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    kept: dict[str, str] = field(default_factory=dict)
    """For each outcome the first input that had it, made smaller."""
    complaints: dict[str, str] = field(default_factory=dict)
    """What did not hold, with the shortest input that shows it."""
    grown: int = 0
    """Kibibytes."""


class Campaign:
    """Tries inputs, and makes new ones from those that were worth it."""

    def __init__(self, seed: int, kept: list[str], judge: Callable[[str], str] = outcome) -> None:
        self._dice = random.Random(seed)
        self._grammar = Grammar(self._dice)
        self._judge = judge
        self._parents: list[str] = []
        self.findings = Findings()
        for text in kept:
            self.try_out(text)

    def run(self, inputs: int) -> Findings:
        """Try so many inputs besides those that were kept."""
        found = self.findings
        began, before = time.monotonic(), _memory()
        try:
            for _ in range(inputs):
                faulthandler.dump_traceback_later(LONGEST_WAIT, exit=True)
                self.try_out(self.make())
        finally:
            faulthandler.cancel_dump_traceback_later()
        found.seconds, found.grown = time.monotonic() - began, _memory() - before
        if found.grown > MEMORY:
            found.complaints["it grew"] = f"by {found.grown} KiB while {inputs} inputs were decoded"
        return found

    def make(self) -> str:
        """The next input."""
        if not self._parents or self._dice.random() < 0.4:
            return self._grammar.frame()
        parent = self._dice.choice(self._parents) if self._dice.random() < 0.8 else self._grammar.frame()
        return mutate(parent, self._parents, self._dice)

    def try_out(self, text: str) -> None:
        """One input."""
        found = self.findings
        found.inputs += 1
        began = time.perf_counter()
        try:
            came = self._judge(text)
        except Exception as error:
            self._complain(f"{type(error).__name__}: {error}"[:200], text)
            return
        found.slowest = max(found.slowest, time.perf_counter() - began)
        found.outcomes[came] += 1
        if came not in found.kept and len(self._parents) < MOST_PARENTS:
            found.kept[came] = corpus.smaller(text, lambda other: self._has(other, came))
            self._parents.append(found.kept[came])

    def _has(self, text: str, came: str) -> bool:
        try:
            return self._judge(text) == came
        except Exception as error:
            self._complain(f"{type(error).__name__}: {error}"[:200], text)
            return False

    def _complain(self, problem: str, text: str) -> None:
        known = self.findings.complaints.get(problem)
        if known is None or len(text) < len(known):
            self.findings.complaints[problem] = text


def _memory() -> int:
    """The most that this process has held so far, in kibibytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
