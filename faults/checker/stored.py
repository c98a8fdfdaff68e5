"""Invariants of what is stored: nothing lost, nothing twice, counts that are right, read that stays read."""

from collections import Counter
from collections.abc import Iterator

from faults import bodies
from faults.checker.complaint import Complaint
from faults.checker.facts import Facts, is_receipt, items_of, told_id
from faults.journal import Entry


def receipts_are_kept(facts: Facts) -> Iterator[Complaint]:
    """1. A message with a receipt is in both histories, until its owner deletes; and what was deleted stays so."""
    for message in facts.sent.values():
        if not message.receipts:
            continue
        number = message.receipts[0].frame["message_id"]
        for place in (message.place, message.place.other_side):
            stored = facts.stored.get((place, number))
            deletions = facts.deletions.get(place, [])
            shown = (*message.sendings[:1], *message.receipts[:1])
            before = [d for d in deletions if d[1] >= message.sendings[0].at]
            if not stored and not before:
                yield Complaint(1, f"{number} has a receipt and is not in the history {place}", shown)
            elif stored and facts.deleted.get(place, 0.0) > message.receipts[0].at:
                yield Complaint(1, f"{number} was deleted from {place} and is there again", shown)
            elif stored and bodies.named(stored["message"]) != message.client_id:
                yield Complaint(1, f"{number} has another body in the history {place}", shown)


def one_message_for_a_client_id(facts: Facts) -> Iterator[Complaint]:
    """2. The same `client_id` gives one message, however often and from wherever it is sent."""
    for message in facts.sent.values():
        numbers = {receipt.frame["message_id"] for receipt in message.receipts}
        if len(numbers) > 1:
            yield Complaint(2, f"{message.client_id} has receipts for {sorted(numbers)}", tuple(message.receipts))
    for place, items in facts.histories.items():
        counted = Counter(bodies.named(item["message"]) for item in items)
        for client_id, times in counted.items():
            if client_id and times > 1:
                yield Complaint(2, f"{client_id} stands {times} times in the history {place}")
    for entry in facts.journal.entries:
        if entry.kind == "heard" and entry.frame.get("reason") == "client_id_conflict":
            yield Complaint(2, "a repetition was taken for another message", (entry,))


def unread_is_a_recount(facts: Facts) -> Iterator[Complaint]:
    """6. Unread equals a recount of the history, and the total is their sum."""
    for fresh in facts.journal.fresh:
        listed = {user["account"]: user["noread_nums"] for user in fresh.users}
        for peer, items in fresh.histories.items():
            counted = sum(item["from_account"] == peer and not item["is_read"] for item in items)
            if listed.get(peer, 0) != counted:
                shown = f"{fresh.account} of {fresh.app} has {listed.get(peer, 0)} unread of {peer}"
                yield Complaint(6, f"{shown}, a recount gives {counted}")
        if fresh.total != sum(listed.values()):
            yield Complaint(
                6, f"{fresh.account} of {fresh.app} has a total of {fresh.total}, not {sum(listed.values())}"
            )


def read_stays_read(facts: Facts) -> Iterator[Complaint]:
    """7. A message that was read once is never unread again, to anybody."""
    read: dict[int, Entry] = {}
    asked_at = {
        (number, answer.frame.get("seq")): asked.at
        for query in ("chats", "history_chats")
        for number, asked, answer in facts.asked(query)
        if answer
    }
    for entry in facts.journal.entries:
        if entry.kind != "heard":
            continue
        for item in items_of(entry):
            since = read.get(item["id"])
            asked = asked_at.get((entry.socket, entry.frame.get("seq")), entry.at)
            if not item["is_read"] and since is not None and since.at < asked:
                yield Complaint(7, f"{item['id']} was read and is unread again", (since, entry))
            elif item["is_read"]:
                read.setdefault(item["id"], entry)
        if (is_receipt(entry) or told_id(entry)) and entry.data.get("is_read") == 1:
            read.setdefault(entry.frame["message_id"], entry)
    for fresh in facts.journal.fresh:
        for item in (item for items in fresh.histories.values() for item in items):
            if not item["is_read"] and item["id"] in read:
                yield Complaint(7, f"{item['id']} was read and is unread in the end", (read[item["id"]],))


def both_sides_agree(facts: Facts) -> Iterator[Complaint]:
    """1. What both sides' histories hold of a conversation is the same: ids, bodies and whether it is read."""
    for place, items in facts.histories.items():
        other = {item["id"]: item for item in facts.histories.get(place.other_side, [])}
        lowest = max(min((i["id"] for i in items), default=0), min(other, default=0))
        for item in items:
            if item["id"] >= lowest and other and other.get(item["id"]) != item:
                yield Complaint(1, f"{item['id']} differs between both sides of {place}")
