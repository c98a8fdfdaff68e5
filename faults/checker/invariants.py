"""Every invariant by its number in the list of what the product promises."""

from collections.abc import Callable, Iterator

from faults.checker import harmless, stored, told, views
from faults.checker.complaint import Complaint
from faults.checker.facts import Facts

INVARIANTS: dict[str, Callable[[Facts], Iterator[Complaint]]] = {
    "1": stored.receipts_are_kept,
    "1, both sides": stored.both_sides_agree,
    "2": stored.one_message_for_a_client_id,
    "3": told.one_order,
    "4": told.pages_have_no_gaps,
    "5": told.each_socket_is_told_once,
    "6": stored.unread_is_a_recount,
    "7": stored.read_stays_read,
    "8": views.sockets_agree,
    "9": told.nothing_of_others_shows,
    "10": harmless.bad_frames_harm_nobody,
    "11": harmless.levels_return,
}
