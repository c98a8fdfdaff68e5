"""Invariants of those who harm: bad frames, and crowds that come and go."""

from collections.abc import Iterator

from faults.checker.complaint import Complaint
from faults.checker.facts import Facts
from faults.journal import Entry

ALLOWED_CLOSINGS = frozenset({1000, 1001, 1005, 1006, 1011, 1012, 4401, 4403, 4408})


def bad_frames_harm_nobody(facts: Facts) -> Iterator[Complaint]:
    """10. A bad frame is answered with an error, and its socket lives on."""
    for number, entries in facts.by_socket.items():
        waiting = 0
        for index, entry in enumerate(entries):
            if entry.bad:
                waiting += 1
            elif _answers_a_bad_frame(entry):
                waiting -= 1
            elif entry.kind == "closed" and entry.frame["code"] not in ALLOWED_CLOSINGS:
                shown = tuple(entries[max(0, index - 3) : index + 1])
                yield Complaint(10, f"socket {number} was closed with {entry.frame['code']}", shown)
        life = facts.lives[number]
        if waiting > 0 and life.ended is None and life.began is not None:
            shown = tuple(entry for entry in entries if entry.bad)[-waiting:]
            yield Complaint(10, f"{waiting} bad frames on socket {number} were not answered", shown)
        if waiting < 0:
            errors = tuple(entry for entry in entries if _answers_a_bad_frame(entry))
            yield Complaint(10, f"socket {number} was refused what it did not ask", errors[-3:])


def _answers_a_bad_frame(entry: Entry) -> bool:
    """Whether it is an error that answers none of the frames that were meant well, which carry a `seq`, but `login`."""
    return (
        entry.kind == "heard" and entry.frame.get("code") == 2 and "seq" not in entry.frame and entry.query != "login"
    )


def levels_return(facts: Facts) -> Iterator[Complaint]:
    """11. Memory, descriptors, tasks and queues return to their level."""
    for level in facts.journal.levels:
        if level.after > level.before + level.allowed:
            yield Complaint(11, f"{level.what}: {level.before:,.0f} before, {level.after:,.0f} after")
