"""Defects that are put into servers, to show that a campaign notices them.

Each is a mistake that such a server could well have, and takes away what a scenario is there to test.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from asyncio import Event, get_running_loop
from collections.abc import Callable, Sequence
from itertools import count
from time import sleep
from types import SimpleNamespace
from typing import Any, NamedTuple

VARIABLE = "FAULTS_DEFECT"
"""Names the defect that a server begins with."""


class Defect(NamedTuple):
    """What is wrong, with which module, and what makes it so once that module is there."""

    about: str
    module: str
    put_in: Callable[[Any], None]
    rounds: int | None = None
    """How often the fault happens, where the short form is too short to show it for sure."""


def plant(name: str) -> None:
    """Have this process begin with the defect of a scenario."""
    sys.meta_path.insert(0, _Gardener(DEFECTS[name]))


class _Gardener(importlib.abc.MetaPathFinder):
    """Finds one module, as everybody else does, and changes it as soon as it has run."""

    def __init__(self, defect: Defect) -> None:
        self._defect = defect

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name != self._defect.module:
            return None
        sys.meta_path.remove(self)
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.loader is not None
        run = found.loader.exec_module

        def run_and_change(module: Any) -> None:
            run(module)
            self._defect.put_in(module)

        found.loader.exec_module = run_and_change  # type: ignore[method-assign]
        return found


def _drop_some_messages(outbox: Any) -> None:
    put, numbers = outbox.Outbox.put, count(1)

    def put_most(self: Any, text: str) -> None:
        if '"user_message"' not in text or next(numbers) % 20:
            put(self, text)

    outbox.Outbox.put = put_most


def _tell_before_the_commit(writer: Any) -> None:
    next_batch, work, hand_out = writer.Writer._next_batch, writer._work, writer.Writer._hand_out
    taken: list[Any] = []

    def take_batch(self: Any) -> None:
        taken[:] = self._loop, self._queue[: writer.LARGEST_BATCH]
        next_batch(self)

    def work_and_tell(jobs: Sequence[Any]) -> list[Any]:
        outcomes = list(work(jobs))
        loop, batch = taken
        for (_, settle), outcome in zip(batch, outcomes, strict=True):
            loop.call_soon_threadsafe(settle, outcome)
        sleep(0.05)
        return outcomes

    def hand_out_nothing(self: Any, batch: Any, outcomes: list[Any]) -> None:
        batch.jobs = [(job, lambda outcome: None) for job, _ in batch.jobs]
        hand_out(self, batch, outcomes)

    writer.Writer._next_batch, writer._work, writer.Writer._hand_out = take_batch, work_and_tell, hand_out_nothing


def _heed_no_client_ids(messages: Any) -> None:
    run = messages._MESSAGES.run

    def run_without(rows: Sequence[tuple[Any, ...]]) -> None:
        run([(*row[:4], None, *row[5:]) for row in rows])

    messages._MESSAGES, messages._by_client_id = SimpleNamespace(run=run_without), lambda named: {}


def _end_as_daphne_does(server: Any) -> None:
    server.ChatServer.kill_all_applications = server.Server.kill_all_applications


def _keep_whatever_waits(outbox: Any) -> None:
    begin = outbox.Outbox.__init__
    outbox.Outbox.__init__ = lambda self, send, limit, say=None: begin(self, send, 0, say)


def _subscribe_once(redis: Any) -> None:
    hear_all = redis.Link._hear_all

    async def hear_what_comes(self: Any) -> None:
        if self.out_of_reach:
            self._wanted.clear()
        await hear_all(self)

    redis.Link._hear_all = hear_what_comes


def _take_an_outage_for_a_bug(connections: Any) -> None:
    def give_up() -> bool:
        raise RuntimeError("the database failed")

    connections.drop_broken_connections = give_up


def _acknowledge_what_failed(writer: Any) -> None:
    commit, numbers = writer._commit, count(10**9)

    def pretend(job: Any) -> Any:
        if not isinstance(job, writer.Draft):
            return writer.Refusal(writer.Reason.STORAGE_UNAVAILABLE, retry_after=1)
        from django.utils import timezone

        names = (job.sender, job.recipient, job.body, job.client_id)
        return writer.MessageSent(next(numbers), *names, timezone.now(), job.viewed)

    def commit_or_pretend(jobs: Sequence[Any], *turns: Any) -> list[Any]:
        outcomes = zip(jobs, commit(jobs, *turns), strict=True)
        return [pretend(job) if isinstance(outcome, writer.Refusal) else outcome for job, outcome in outcomes]

    writer._commit = commit_or_pretend


def _wave_through_when_many_wait(passwords: Any) -> None:
    compare = passwords.PasswordCheck._compare
    passwords.PasswordCheck._compare = lambda self, *given: self.waiting > 3 or compare(self, *given)


def _go_by_the_time(history: Any) -> None:
    page = history._page

    def page_by_time(*asked: Any, **more: Any) -> Any:
        found = page(*asked, **more)
        found.lines.sort(key=lambda line: line.created_at)
        return found

    history._page = page_by_time


def _leave_a_task_behind(consumer: Any) -> None:
    begin, left = consumer.ChatConsumer.__init__, []

    def begin_and_leave(self: Any, *given: Any, **more: Any) -> None:
        begin(self, *given, **more)
        left.append(get_running_loop().create_task(Event().wait()))

    consumer.ChatConsumer.__init__ = begin_and_leave


DEFECTS = {
    "calm": Defect("one of twenty messages is not told to a socket", "chat.sockets.outbox", _drop_some_messages),
    "kill": Defect("receipts are given before the commit", "chat.writer", _tell_before_the_commit, rounds=6),
    "terminate": Defect(
        "sockets of daphne end as daphne itself ends them", "chat.servers.daphne_server", _end_as_daphne_does
    ),
    "one-of-two": Defect("receipts are given before the commit", "chat.writer", _tell_before_the_commit, rounds=6),
    "network": Defect("a client_id that comes again is not known again", "chat.messages", _heed_no_client_ids),
    "slow-reader": Defect("an outbox holds whatever waits", "chat.sockets.outbox", _keep_whatever_waits),
    "redis": Defect("after an outage nothing is subscribed to again", "chat.layers.redis", _subscribe_once),
    "postgres": Defect("a write that failed has its receipt", "chat.writer", _acknowledge_what_failed, rounds=4),
    "pool": Defect("an outage is taken for a bug", "chat.database.connections", _take_an_outage_for_a_bug),
    "sqlite-locked": Defect("a write that failed has its receipt", "chat.writer", _acknowledge_what_failed),
    "disk-full": Defect("a write that failed has its receipt", "chat.writer", _acknowledge_what_failed),
    "sign-ins": Defect("while many wait any password is taken", "accounts.passwords", _wave_through_when_many_wait),
    "clock": Defect("a page of history is sorted by its times", "chat.history", _go_by_the_time),
    "resources": Defect("each socket leaves a task behind", "chat.sockets.consumer", _leave_a_task_behind),
}
"""By the scenario that must notice it."""
