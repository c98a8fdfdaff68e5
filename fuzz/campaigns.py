"""Both campaigns as they are run by hand: what they found, told to whoever waits."""

import asyncio
import sys
from collections.abc import Callable

from fuzz import corpus
from fuzz.frames import Campaign
from fuzz.sockets import Siege
from tests import deployments

SHOWN = 10
"""Complaints that are shown of each deployment."""


def frames(seed: int, inputs: int) -> int:
    """The codec; keeps what is worth it. Returns how many complaints there were."""
    campaign = Campaign(seed, corpus.read())
    found = campaign.run(inputs)
    corpus.write(list(found.kept.values()))
    _say(
        f"  {found.inputs:,} inputs in {found.seconds:.0f} s, {len(found.outcomes)} outcomes; "
        f"the slowest took {found.slowest * 1000:.1f} ms; memory grew by {found.grown:,} KiB"
    )
    for problem, text in found.complaints.items():
        _say(f"  {problem}\n    {text[:2000]!r}")
    return len(found.complaints)


def sockets(seed: int, count: int) -> int:
    """So many sockets on each deployment. Returns how many complaints there were."""
    complaints = 0
    try:
        for name in deployments.START:
            heard = asyncio.run(Siege(deployments.running(name), seed).run(count))
            _say(
                f"  {name}: {heard.frames:,} frames, {heard.sockets:,} sockets, {len(heard.answers)} kinds of answers; "
                f"witnesses said {heard.said:,} messages, the slowest took {heard.slowest * 1000:.0f} ms"
            )
            for complaint in heard.complaints[:SHOWN]:
                _say(f"  {complaint}")
            complaints += len(heard.complaints)
    finally:
        deployments.stop_all()
    return complaints


ALL: dict[str, Callable[[int, int], int]] = {"frames": frames, "sockets": sockets}
"""By name; each takes a seed and a size, and returns how many complaints there were."""


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
