"""Judges a journal: every invariant of the product, and the frames that show where one does not hold."""

from faults.checker.complaint import Complaint
from faults.checker.facts import Facts
from faults.checker.invariants import INVARIANTS
from faults.journal import Journal


def check(journal: Journal) -> list[Complaint]:
    """Everything that is wrong in what the clients saw; nothing if nothing is."""
    facts = Facts(journal)
    return [complaint for invariant in INVARIANTS.values() for complaint in invariant(facts)]
