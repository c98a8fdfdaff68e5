"""What running programs have taken from the machine, each with all of its children, as /proc tells it."""

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PARENT, _FIRST_TIME, _LAST_TIME = 1, 11, 15
"""Where a process's parent stands, and utime, stime, and both for children that have ended."""

Stats = dict[int, list[str]]
"""The fields of /proc/PID/stat behind the program's name, by process."""


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time of the programs so far, in user and kernel mode, of all their threads and children."""
    return ticks(pids, _stats()) / _TICK


def ticks(pids: Iterable[int], stats: Stats) -> int:
    """The same in the kernel's own unit, from what it says of all processes."""
    return sum(sum(map(int, stats[pid][_FIRST_TIME:_LAST_TIME])) for pid in _families(pids, stats))


def resident_bytes(pids: Iterable[int]) -> int:
    """Memory that the programs hold."""
    return sum(_resident(pid) for pid in _families(pids, _stats()))


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def _stats() -> Stats:
    stats = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                text = Path(f"/proc/{entry}/stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            stats[int(entry)] = text.rpartition(")")[2].split()
    return stats


def _families(pids: Iterable[int], stats: Stats) -> set[int]:
    """The processes and all that descend from them. PostgreSQL's leave their process group, so that parents count."""
    children = defaultdict(list)
    for pid, fields in stats.items():
        children[int(fields[_PARENT])].append(pid)
    found: set[int] = set()
    waiting = [pid for pid in pids if pid in stats]
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting.extend(children[pid])
    return found
