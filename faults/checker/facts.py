"""What a journal says, arranged for the invariants to look at."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from faults import bodies
from faults.journal import Entry, Frame, Fresh, Journal


class Place(NamedTuple):
    """One account's view of its talk with another."""

    app: str
    account: str
    peer: str

    @property
    def other_side(self) -> "Place":
        return Place(self.app, self.peer, self.account)


@dataclass(slots=True)
class Sent:
    """A message as its sender knows it: every time it was sent, and every receipt."""

    client_id: str
    place: Place
    sendings: list[Entry] = field(default_factory=list)
    receipts: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Life:
    """When a socket was signed in and when it ended; None for what did not happen."""

    began: float | None = None
    ended: float | None = None
    asked_to_come: float | None = None


class Facts:
    """Computed once for each journal."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def who(self, entry: Entry) -> tuple[str, str]:
        """App and account of the socket that saw it."""
        socket = self.journal.sockets[entry.socket]
        return socket.app, socket.account

    @cached_property
    def by_socket(self) -> dict[int, list[Entry]]:
        found: dict[int, list[Entry]] = {socket.number: [] for socket in self.journal.sockets}
        for entry in self.journal.entries:
            found[entry.socket].append(entry)
        return found

    @cached_property
    def sent(self) -> dict[str, Sent]:
        """Every message that was sent, by `client_id`."""
        found: dict[str, Sent] = {}
        for entry in self.journal.entries:
            if entry.query == "send" and entry.kind == "sent" and not entry.bad:
                client_id = str(entry.data["client_id"])
                place = Place(*self.who(entry), entry.data["account"])
                found.setdefault(client_id, Sent(client_id, place)).sendings.append(entry)
        for entry in self.journal.entries:
            if is_receipt(entry) and (message := found.get(str(entry.data.get("client_id")))):
                message.receipts.append(entry)
        return found

    @cached_property
    def lives(self) -> dict[int, Life]:
        found = {number: Life() for number in self.by_socket}
        for entry in self.journal.entries:
            life = found[entry.socket]
            if entry.kind == "closed":
                life.ended = entry.at
            elif entry.query == "login" and entry.kind == "sent":
                life.asked_to_come = entry.at
            elif entry.query == "login" and entry.frame.get("code") == 0 and life.began is None:
                life.began = entry.at
        return found

    @cached_property
    def fresh(self) -> dict[tuple[str, str], Fresh]:
        return {(fresh.app, fresh.account): fresh for fresh in self.journal.fresh}

    @cached_property
    def histories(self) -> dict[Place, list[Frame]]:
        """What each side's history holds in the end, oldest first."""
        return {
            Place(fresh.app, fresh.account, peer): items
            for fresh in self.journal.fresh
            for peer, items in fresh.histories.items()
        }

    @cached_property
    def stored(self) -> dict[tuple[Place, int], Frame]:
        """The messages of `histories` by their ids."""
        return {(place, item["id"]): item for place, items in self.histories.items() for item in items}

    @cached_property
    def deletions(self) -> dict[Place, list[tuple[float, float]]]:
        """When each conversation was deleted by its owner: between asking and the answer, or for ever if none came."""
        found: dict[Place, list[tuple[float, float]]] = defaultdict(list)
        for _, asked, answer in self.asked("chat_delete"):
            place = Place(*self.who(asked), asked.data["account"])
            # Without an answer it may have been done as late as the server took to end.
            found[place].append((asked.at, answer.at if answer else asked.at + 30.0))
        return found

    @cached_property
    def deleted(self) -> dict[Place, float]:
        """When each conversation that was deleted by its owner, with an answer, was last asked to be."""
        found: dict[Place, float] = defaultdict(float)
        for _, asked, answer in self.asked("chat_delete"):
            if answer is not None and answer.frame["code"] == 0:
                place = Place(*self.who(asked), asked.data["account"])
                found[place] = max(found[place], asked.at)
        return found

    @cached_property
    def known(self) -> dict[Place, list[tuple[float, int]]]:
        """For each conversation when it was first known, from receipts, that it reaches up to which id; growing."""
        found: dict[Place, list[tuple[float, int]]] = defaultdict(list)
        for entry in self.journal.entries:
            message = self.sent.get(str(entry.data.get("client_id"))) if is_receipt(entry) else None
            if message is not None:
                for place in (message.place, message.place.other_side):
                    highest = found[place][-1][1] if found[place] else 0
                    found[place].append((entry.at, max(highest, int(entry.frame["message_id"]))))
        return found

    def asked(self, query: str) -> Iterator[tuple[int, Entry, Entry | None]]:
        """Each request of that query with the frame that answered it, by socket."""
        for number, entries in self.by_socket.items():
            open_requests: dict[object, Entry] = {}
            for entry in entries:
                seq = entry.frame.get("seq")
                if entry.kind == "sent" and entry.query == query and seq is not None:
                    open_requests[seq] = entry
                elif entry.kind == "heard" and seq in open_requests:
                    yield number, open_requests.pop(seq), entry
            for request in open_requests.values():
                yield number, request, None

    def may_have_missed(self, since: float, until: float) -> bool:
        """Whether hints were lost on purpose in between."""
        return any(begin <= until and since <= end for begin, end in self.journal.hints_lost)

    def may_be_late(self, since: float, until: float) -> bool:
        """Whether hints were held up on purpose in between."""
        return any(begin <= until and since <= end for begin, end in self.journal.hints_late)


def is_receipt(entry: Entry) -> bool:
    """Whether it is a message's receipt, and not a later word of its being read."""
    return entry.kind == "heard" and entry.query == "sync_read" and "created_at" in entry.frame


def told_id(entry: Entry) -> int:
    """The id of the message that a frame tells of; 0 if it tells of none."""
    if entry.kind == "heard" and entry.query in ("user_message", "sync_say"):
        return int(entry.frame.get("message_id", 0))
    return 0


def told_name(entry: Entry) -> str:
    """The `client_id` of the message that a `user_message` or `sync_say` brings."""
    return bodies.named(entry.data.get("message"))


def items_of(entry: Entry | None) -> list[Frame]:
    """The messages of a page; none if there is no page."""
    items = entry.data.get("list", []) if entry is not None else []
    return items if isinstance(items, list) else []
