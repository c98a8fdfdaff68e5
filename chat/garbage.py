"""When Python looks for garbage: often among what is new, and among all that is there only when it is worth it.

Looking through everything stops the process, for a quarter of a second with ten thousand sockets. A socket that has
closed is freed without: it leaves nothing in circles, unless what broke off did.
"""

import gc

from chat.counts import counts

FEWEST = 20_000
"""Sockets that must have closed before their remains are looked for."""

_looked_at = 0


def keep_what_is_loaded() -> None:
    """What is there by now stays for good and is not looked through again; called once the process is set up."""
    gc.collect()
    gc.freeze()
    gc.enable()
    # What is under way under load is hardly ever this much, so that there is little to look at; among sockets that
    # come a look at 10,000 objects takes a millisecond, and one at 50,000 took 20. The last number is never reached: by
    # Python's own rule sockets that come are a reason to look through all others.
    gc.set_threshold(5000, 1, 1_000_000)


async def collect() -> None:
    """Free what sockets have left behind, in circles, once as many have closed as are open."""
    global _looked_at
    closed = counts.closed.total()
    if closed - _looked_at >= max(FEWEST, counts.opened - closed):
        _looked_at = closed
        gc.collect()
