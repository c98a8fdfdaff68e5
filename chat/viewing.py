"""Who is in the room with whom, as far as the sockets of this process tell."""

from collections import Counter

Viewed = tuple[int, int]
"""The id of the account that looks, and of the one whose conversation it looks at."""

_sockets: Counter[Viewed] = Counter()


def is_viewing(owner_id: int, peer_id: int) -> bool:
    """Whether a socket of the owner is in the room with the peer."""
    return (owner_id, peer_id) in _sockets


def enter(owner_id: int, peer_id: int) -> None:
    """One more socket of the owner is in the room with the peer."""
    _sockets[owner_id, peer_id] += 1


def leave(owner_id: int, peer_id: int) -> None:
    """One socket fewer."""
    _sockets[owner_id, peer_id] -= 1
    if _sockets[owner_id, peer_id] <= 0:
        del _sockets[owner_id, peer_id]
