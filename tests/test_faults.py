"""The checker of `python -m faults`: a journal without fault passes, and each invariant that is broken is found."""

import asyncio
import copy
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from django.test import SimpleTestCase

from bench.report import marks
from faults import bodies, document
from faults.campaigns import CAMPAIGNS
from faults.checker import check
from faults.checker.views import View
from faults.inside.defects import DEFECTS
from faults.journal import Entry, Frame, Fresh, Journal, Level
from faults.proxy import Proxy
from faults.report import Report

ANN, ANN_TOO, BOB = 0, 1, 2


def item(number: int, sender: str, recipient: str, name: str, read: int = 0) -> Frame:
    """A message as histories show it."""
    body = bodies.text("app", sender, recipient, name)
    return {"id": number, "from_account": sender, "to_account": recipient, "message": body, "is_read": read}


def sending(name: str) -> Frame:
    body = bodies.text("app", "ann", "bob", name)
    return {"query": "send", "seq": name, "data": {"account": "bob", "client_id": name, "message": body}}


def receipt(number: int, name: str) -> Frame:
    data = {"account": "ann", "chat_account": "bob", "is_read": 0, "client_id": name}
    return {"code": 0, "query": "sync_read", "seq": name, "message_id": number, "created_at": "…", "data": data}


def echo(number: int, name: str) -> Frame:
    body = bodies.text("app", "ann", "bob", name)
    data = {"account": "ann", "chat_account": "bob", "message": body, "is_read": 0}
    return {"code": 0, "query": "sync_say", "message_id": number, "data": data}


def message(number: int, name: str) -> Frame:
    data = {"account": "ann", "message": bodies.text("app", "ann", "bob", name), "is_read": 0}
    return {"code": 0, "query": "user_message", "message_id": number, "data": data}


def talk() -> Journal:
    """Ann sends Bob two messages from one of her two sockets; all of it as it should be."""
    journal = Journal()
    for account in ("ann", "ann", "bob"):
        journal.socket("app", account)
    clock = iter(range(1000))

    def saw(socket: int, kind: str, frame: Frame, *, bad: bool = False) -> None:
        assert kind in ("opened", "sent", "heard", "closed")
        journal.entries.append(Entry(float(next(clock)), socket, kind, frame, bad))  # type: ignore[arg-type]

    for socket in (ANN, ANN_TOO, BOB):
        saw(socket, "opened", {})
        saw(socket, "sent", {"query": "login", "data": {}})
        saw(socket, "heard", {"code": 0, "query": "login", "msg": "登录成功"})
        saw(socket, "sent", {"query": "users", "seq": 1, "data": {"limit": 100}})
        saw(socket, "heard", {"code": 0, "query": "users", "seq": 1, "data": []})
    for number, name in ((1, "m1"), (2, "m2")):
        saw(ANN, "sent", sending(name))
        saw(ANN_TOO, "heard", echo(number, name))
        saw(BOB, "heard", message(number, name))
        saw(ANN, "heard", receipt(number, name))
    saw(BOB, "sent", {"query": "history_chats", "seq": 2, "data": {"account": "ann", "after_id": 0, "limit": 20}})
    items = [item(1, "ann", "bob", "m1"), item(2, "ann", "bob", "m2")]
    saw(BOB, "heard", {"code": 0, "query": "history_chats", "seq": 2, "data": {"list": items, "has_more": False}})
    saw(BOB, "sent", {"text": "{"}, bad=True)
    saw(BOB, "heard", {"code": 2, "query": "error", "msg": "解析JSON失败"})
    row = {"is_top": 0, "message_id": 2}
    journal.fresh = [
        Fresh("app", "ann", [{"account": "bob", "noread_nums": 0, **row}], {"bob": copy.deepcopy(items)}, 0),
        Fresh("app", "bob", [{"account": "ann", "noread_nums": 2, **row}], {"ann": copy.deepcopy(items)}, 2),
    ]
    journal.levels.append(Level("memory", 100, 105, 10))
    return journal


def last(journal: Journal, socket: int, query: str) -> Entry:
    """The last frame of that query that the socket heard."""
    return [entry for entry in journal.of(socket) if entry.kind == "heard" and entry.query == query][-1]


def lose_a_message(journal: Journal) -> None:
    for fresh in journal.fresh:
        for items in fresh.histories.values():
            del items[1]


def store_twice(journal: Journal) -> None:
    for fresh in journal.fresh:
        for items in fresh.histories.values():
            items.append({**items[1], "id": 3})


def swap(journal: Journal) -> None:
    told = [entry for entry in journal.of(BOB) if entry.query == "user_message"]
    told[0].frame, told[1].frame = told[1].frame, told[0].frame


def skip_one(journal: Journal) -> None:
    del last(journal, BOB, "history_chats").data["list"][0]


def tell_twice(journal: Journal) -> None:
    journal.entries.append(copy.deepcopy(last(journal, BOB, "user_message")))


def tell_nobody(journal: Journal) -> None:
    journal.entries.remove(last(journal, ANN_TOO, "sync_say"))


def echo_to_the_sender(journal: Journal) -> None:
    entry = last(journal, ANN_TOO, "sync_say")
    journal.entries.append(Entry(entry.at, ANN, "heard", entry.frame))


def count_wrongly(journal: Journal) -> None:
    journal.fresh[1].users[0]["noread_nums"] = 1


def sum_wrongly(journal: Journal) -> None:
    journal.fresh[1].total = 3


def unread_again(journal: Journal) -> None:
    last(journal, BOB, "history_chats").data["list"][0]["is_read"] = 1


def disagree(journal: Journal) -> None:
    last(journal, BOB, "user_message").data["is_read"] = 1
    for fresh in journal.fresh:
        for items in fresh.histories.values():
            items[1]["is_read"] = 0


def show_others(journal: Journal) -> None:
    frame = message(2, "m2")
    frame["data"]["message"] = bodies.text("another", "ann", "bob", "m2")
    journal.entries.append(Entry(900.0, BOB, "heard", {"code": 0, "query": "users", "data": [frame]}))


def answer_no_bad_frame(journal: Journal) -> None:
    journal.entries.remove(last(journal, BOB, "error"))


def close_for_a_bad_frame(journal: Journal) -> None:
    journal.entries.append(Entry(900.0, BOB, "closed", {"code": 1007}))


def grow(journal: Journal) -> None:
    journal.levels[0].after = 120


BROKEN: dict[Callable[[Journal], None], int] = {
    lose_a_message: 1,
    store_twice: 2,
    swap: 3,
    skip_one: 4,
    tell_twice: 5,
    tell_nobody: 5,
    echo_to_the_sender: 5,
    count_wrongly: 6,
    sum_wrongly: 6,
    unread_again: 7,
    disagree: 8,
    show_others: 9,
    answer_no_bad_frame: 10,
    close_for_a_bad_frame: 10,
    grow: 11,
}


class TheChecker(SimpleTestCase):
    def test_has_nothing_to_say_of_a_journal_without_fault(self) -> None:
        self.assertEqual([str(complaint) for complaint in check(talk())], [])

    def test_finds_each_invariant_that_is_broken(self) -> None:
        for spoil, invariant in BROKEN.items():
            with self.subTest(spoil.__name__):
                journal = talk()
                spoil(journal)
                self.assertIn(invariant, {complaint.invariant for complaint in check(journal)})

    def test_shows_the_frames(self) -> None:
        journal = talk()
        swap(journal)
        complaint = next(str(complaint) for complaint in check(journal) if complaint.invariant == 3)
        self.assertIn("user_message", complaint)

    def test_allows_lost_hints_where_they_were_lost_on_purpose(self) -> None:
        journal = talk()
        tell_nobody(journal)
        journal.hints_lost.append((0.0, 1000.0))
        self.assertNotIn(5, {complaint.invariant for complaint in check(journal)})

    def test_allows_another_order_where_hints_were_held_up_on_purpose(self) -> None:
        journal = talk()
        swap(journal)
        journal.hints_late.append((0.0, 1000.0))
        self.assertNotIn(3, {complaint.invariant for complaint in check(journal)})

    def test_counts_nothing_twice_of_what_a_list_knew_before_it_was_told(self) -> None:
        view = View("ann")
        view.fetched([{"account": "bob", "noread_nums": 2, "is_top": 0, "message_id": 9}])
        told = message(9, "m9")
        told["data"]["account"] = "bob"
        for number, frame in enumerate((echo(5, "m5"), told)):
            view.hear(Entry(float(number), ANN, "heard", frame))
        self.assertEqual(view.rows["bob"].unread, 2)

    def test_judges_a_kept_journal_in_the_same_way(self) -> None:
        journal = talk()
        lose_a_message(journal)
        with tempfile.TemporaryDirectory() as folder:
            journal.write(Path(folder) / "journal")
            again = Journal.read(Path(folder) / "journal")
        self.assertEqual(list(map(str, check(again))), list(map(str, check(journal))))


class TheDocument(SimpleTestCase):
    def setUp(self) -> None:
        self.text = document.DOCUMENT.read_text()

    def test_says_of_each_scenario_what_it_breaks(self) -> None:
        rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+)\. \|$", self.text, re.MULTILINE)
        self.assertEqual(
            [(name, about.lower()) for name, about in rows],
            [(name, scenario.about.lower()) for name, scenario in CAMPAIGNS.items()],
        )

    def test_has_a_place_for_the_figures_of_each_scenario_and_of_no_other(self) -> None:
        found = re.findall(r"<!-- results: (.+) -->", self.text)
        self.assertEqual(found, list(CAMPAIGNS))

    def test_takes_the_figures_of_a_new_run_in_place_of_the_old(self) -> None:
        begin, end = marks("kill")
        about = {"date": "today", "commit": "abc", "cores": 2, "processor": "any", "took s": 3}
        report = Report("kill", 7, about, [{"deployment": "daphne", "kills": 100}], ["something is lost"])
        text = document.written(f"before\n{begin}\nold\n{end}\nafter", [report])
        self.assertIn("| daphne", text)
        self.assertIn("faults kill`, 3 s. **1 complaints.**", text)
        self.assertNotIn("old", text)
        self.assertTrue(text.startswith("before") and text.endswith("after"))


class TheProxy(SimpleTestCase):
    def test_passes_on_byte_by_byte_and_cuts_in_the_middle(self) -> None:
        asyncio.run(self.passes_on_and_cuts())

    async def passes_on_and_cuts(self) -> None:
        async def repeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):
                while data := await reader.read(100):
                    writer.write(data)
            writer.close()

        server = await asyncio.start_server(repeat, "127.0.0.1", 0)
        proxy = Proxy(server.sockets[0].getsockname()[1], seed=1)
        url = await proxy.open()
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2].partition("/")[0]))
        proxy.byte_by_byte = True
        writer.write(b"0123456789")
        self.assertEqual(await reader.readexactly(10), b"0123456789")
        proxy.cut_in_mid_frame()
        writer.write(b"0123456789")
        with self.assertRaises((asyncio.IncompleteReadError, ConnectionError)):
            await reader.readexactly(10)
        writer.close()
        await proxy.close()
        server.close()


class TheDefects(SimpleTestCase):
    def test_are_one_for_each_scenario_in_a_module_that_there_is(self) -> None:
        self.assertEqual([*DEFECTS, "defects"], list(CAMPAIGNS))
        for defect in DEFECTS.values():
            self.assertIsNotNone(find_spec(defect.module), defect.module)
