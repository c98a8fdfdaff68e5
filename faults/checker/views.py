"""Invariant 8: after a quiet moment what every socket was told adds up to what a fresh sign-in finds."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from faults.checker.complaint import Complaint
from faults.checker.facts import Facts, told_id
from faults.journal import Entry, Frame


@dataclass(slots=True)
class Row:
    """One conversation as a client shows it."""

    unread: int = 0
    pinned: int = 0
    known: int = 0
    """The highest id of which the row knows."""


@dataclass(slots=True)
class View:
    """The list of one socket: as `users` gave it, kept up by nothing but frames."""

    account: str
    rows: dict[str, Row] = field(default_factory=dict)
    total: int | None = None
    """As it was told last, and since then counted on; None before the first."""

    def fetched(self, users: list[Frame]) -> None:
        self.rows = {user["account"]: Row(user["noread_nums"], user["is_top"], user["message_id"]) for user in users}

    def hear(self, entry: Entry) -> None:
        """Take in one frame."""
        data, number = entry.data, entry.frame.get("message_id", 0)
        match entry.query:
            case "user_message" if number > self._row(data["account"]).known:
                row = self._row(data["account"])
                row.known = number
                if not data.get("is_read"):
                    row.unread += 1
                    self.total = None if self.total is None else self.total + 1
            case "sync_say":
                row = self._row(data["chat_account"])
                # A list that was fetched meanwhile may know of later ones already.
                row.known = max(row.known, number)
            case "sync_all_noread_nums":
                self.total = data["all_noread_nums"]
                if peer := data.get("chat_account"):
                    self.rows.get(peer, Row()).unread = 0
            case "sync_top":
                self._row(data["chat_account"]).pinned = data["is_top"]
            case "sync_chat_delete":
                self.rows.pop(data["chat_account"], None)

    def _row(self, peer: str) -> Row:
        return self.rows.setdefault(peer, Row())


def sockets_agree(facts: Facts) -> Iterator[Complaint]:
    """8. Every socket that is open in the end agrees with a fresh sign-in of its account."""
    for number, entries in facts.by_socket.items():
        fresh = facts.fresh.get(facts.who(entries[0])) if entries else None
        life = facts.lives[number]
        if fresh is None or life.began is None or life.ended is not None:
            continue
        if facts.may_have_missed(life.began, entries[-1].at):
            continue
        view = _replayed(facts, number, entries)
        if view is None:
            continue
        listed = {user["account"]: (user["noread_nums"], user["is_top"]) for user in fresh.users}
        for peer in listed.keys() | view.rows.keys():
            row = view.rows.get(peer)
            shown = (row.unread, row.pinned) if row is not None else None
            if shown != listed.get(peer) and not (row is None and listed[peer] == (0, 0)):
                about = tuple(entry for entry in entries if peer in str(entry.data))[-8:]
                found = f"socket {number} of {fresh.account} shows {shown} of {peer}, a fresh one {listed.get(peer)}"
                yield Complaint(8, f"{found} (unread, pinned)", about)
        if view.total is not None and view.total != fresh.total:
            totals = tuple(entry for entry in entries if entry.query == "sync_all_noread_nums")[-3:]
            yield Complaint(8, f"socket {number} counts {view.total} unread, a fresh sign-in {fresh.total}", totals)


def _replayed(facts: Facts, number: int, entries: list[Entry]) -> View | None:
    """What the socket knows in the end; None if it never fetched its list."""
    view: View | None = None
    asked: dict[object, Entry] = {}
    for entry in entries:
        if entry.kind == "sent" and "seq" in entry.frame:
            asked[entry.frame["seq"]] = entry
        if entry.kind != "heard" or entry.frame.get("code"):
            continue
        request = asked.get(entry.frame.get("seq"))
        if entry.query == "users" and request is not None and request.data.get("limit") == 100:
            view = view or View(facts.who(entry)[1])
            view.fetched(entry.frame["data"])
            view.total = None
        elif view is not None:
            _own_doing(view, entry, request)
            view.hear(entry)
    return view


def _own_doing(view: View, entry: Entry, request: Entry | None) -> None:
    """What this socket itself asked for is done."""
    if request is None:
        return
    if request.query == "chat_delete":
        view.rows.pop(request.data["account"], None)
    elif request.query == "top":
        view.rows.setdefault(request.data["account"], Row()).pinned = entry.data["is_top"]
    elif request.query == "send" and not told_id(entry):
        row = view.rows.setdefault(request.data["account"], Row())
        row.known = max(row.known, entry.frame.get("message_id", 0))
