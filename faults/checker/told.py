"""Invariants of what is told: one order, one delivery each, pages without gaps."""

from collections import defaultdict
from collections.abc import Iterator

from faults import bodies
from faults.checker.complaint import Complaint
from faults.checker.facts import Facts, Place, Sent, is_receipt, items_of, told_id, told_name
from faults.journal import Entry


def one_order(facts: Facts) -> Iterator[Complaint]:
    """3. Ids grow strictly in a conversation, and every socket is told in their order."""
    for number, entries in facts.by_socket.items():
        last: dict[str, Entry] = {}
        sent_here = {entry.data.get("client_id") for entry in entries if entry.query == "send"}
        for entry in entries:
            peer = _told_of(facts, entry, sent_here)
            if peer is None:
                continue
            before = last.get(peer)
            late = before is not None and facts.may_be_late(before.at, entry.at)
            if before is not None and before.frame["message_id"] >= entry.frame["message_id"] and not late:
                yield Complaint(3, f"socket {number} was told out of order of {peer}", (before, entry))
            last[peer] = entry
    for place, items in facts.histories.items():
        numbers = [item["id"] for item in items]
        if numbers != sorted(set(numbers)):
            yield Complaint(3, f"the history {place} is not in the order of its ids")
    yield from _sending_order(facts)


def _told_of(facts: Facts, entry: Entry, sent_here: set[object]) -> str | None:
    """Whose conversation a new message shows in, if the frame tells of a new message."""
    if told_id(entry):
        return str(entry.data["account"] if entry.query == "user_message" else entry.data["chat_account"])
    if is_receipt(entry) and entry.data.get("client_id") in sent_here:
        message = facts.sent.get(str(entry.data["client_id"]))
        # The receipt of what was sent twice tells of a message that may have been stored long ago.
        if message and len(message.sendings) == 1:
            return message.place.peer
    return None


def _sending_order(facts: Facts) -> Iterator[Complaint]:
    """What one socket sent to one account, once each, got growing ids."""
    last: dict[tuple[int, Place], tuple[int, Entry]] = {}
    for message in sorted(facts.sent.values(), key=lambda sent: sent.sendings[0].at):
        if len(message.sendings) > 1 or not message.receipts:
            continue
        sending, number = message.sendings[0], message.receipts[0].frame["message_id"]
        key = (sending.socket, message.place)
        if key in last and last[key][0] >= number:
            yield Complaint(3, "what was sent first has the higher id", (last[key][1], sending, message.receipts[0]))
        last[key] = (number, sending)


def pages_have_no_gaps(facts: Facts) -> Iterator[Complaint]:
    """4. Pages, of any size and while messages arrive, give every id once; `after_id` never skips one."""
    for query in ("chats", "history_chats"):
        for _, asked, answer in facts.asked(query):
            if answer is None or answer.frame["code"] != 0:
                continue
            place = Place(*facts.who(asked), asked.data["account"])
            yield from _page(facts, place, asked, answer)


def _page(facts: Facts, place: Place, asked: Entry, answer: Entry) -> Iterator[Complaint]:
    """One page against what the history holds in the end, which was there all the time once it was stored."""
    numbers = [item["id"] for item in items_of(answer)]
    kept = [item["id"] for item in facts.histories.get(place, [])]
    limit, shown = int(asked.data.get("limit", 20)), (asked, answer)
    if numbers != sorted(set(numbers)) or len(numbers) > limit:
        yield Complaint(4, f"a page of {place} is out of order, repeats itself or is too long", shown)
        return
    after, start = asked.data.get("after_id"), asked.data.get("start_id") or None
    if after is not None:
        until = numbers[-1] if numbers and answer.data["has_more"] else _known_at(facts, place, asked, numbers)
        missing = {number for number in kept if after < number <= until} - set(numbers)
    elif start is not None:
        # Everything below where it begins is stored already; a short page reaches down to the beginning.
        lowest = numbers[0] if answer.data["has_more"] and numbers else 0
        missing = {number for number in kept if lowest <= number < start} - set(numbers)
    else:
        missing = {number for number in kept if numbers and numbers[0] <= number <= numbers[-1]} - set(numbers)
    if missing:
        yield Complaint(4, f"a page of {place} skips {sorted(missing)[:5]}", shown)


def _known_at(facts: Facts, place: Place, asked: Entry, numbers: list[int]) -> int:
    """The highest id of the conversation that anybody had a receipt for when the page was asked for."""
    known = facts.known.get(place, [])
    earlier = [number for at, number in known if at < asked.at]
    return max([*earlier[-1:], *numbers[-1:], 0])


def each_socket_is_told_once(facts: Facts) -> Iterator[Complaint]:
    """5. Each socket of the recipient gets one `user_message`, each other one of the sender one `sync_say`."""
    told: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    for entry in facts.journal.entries:
        if told_id(entry):
            told[entry.socket, told_name(entry)].append(entry)
    for (number, client_id), entries in told.items():
        if len(entries) > 1:
            yield Complaint(5, f"socket {number} was told {len(entries)} times of {client_id}", tuple(entries))
        message = facts.sent.get(client_id)
        wrong = message is None or not _concerns(facts, message, entries[0])
        if wrong:
            yield Complaint(5, f"socket {number} was told of what does not concern it", tuple(entries))
    sockets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for socket in facts.journal.sockets:
        sockets[socket.app, socket.account].append(socket.number)
    for message in facts.sent.values():
        if len(message.sendings) == 1 and message.receipts:
            yield from _untold(facts, message, sockets, told)


def _concerns(facts: Facts, message: Sent, entry: Entry) -> bool:
    app, account = facts.who(entry)
    side = message.place if entry.query == "sync_say" else message.place.other_side
    sent_here = any(sending.socket == entry.socket for sending in message.sendings)
    return (app, account) == (side.app, side.account) and not (sent_here and len(message.sendings) == 1)


def _untold(
    facts: Facts,
    message: Sent,
    sockets: dict[tuple[str, str], list[int]],
    told: dict[tuple[int, str], list[Entry]],
) -> Iterator[Complaint]:
    """Sockets that were open from before a message was sent until the end, and were not told of it."""
    sending, receipt = message.sendings[0], message.receipts[0]
    if facts.may_have_missed(sending.at, receipt.at):
        return
    for side in (message.place, message.place.other_side):
        for number in sockets[side.app, side.account]:
            life = facts.lives[number]
            if number == sending.socket or life.began is None or life.began > sending.at or life.ended is not None:
                continue
            if not told.get((number, message.client_id)):
                yield Complaint(5, f"socket {number} was never told of {message.client_id}", (sending, receipt))


def nothing_of_others_shows(facts: Facts) -> Iterator[Complaint]:
    """9. Nothing of another account, shop or app ever shows."""
    for entry in facts.journal.entries:
        if entry.kind != "heard":
            continue
        app, account = facts.who(entry)
        for found in bodies.canaries(str(entry.frame)):
            if found[0] != app or account not in found[1:3]:
                yield Complaint(9, f"{account} of {app} heard «{'|'.join(found)}»", (entry,))
