"""Group commit: one thread writes, and what has queued while it wrote is its next transaction.

No timer is involved: with nothing queued a write is committed at once, and under load a commit is shared by many.
Outcomes are handed out in the order of submission, on the event loop, after the commit.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.db import InterfaceError, OperationalError

from accounts.refusals import Reason, Refusal
from chat import viewing
from chat.database import drop_broken_connections, give_back_pooled_connections
from chat.drafts import Draft
from chat.messages import Stored, store
from chat.pairs import Pair, exclusive

logger = logging.getLogger(__name__)

LARGEST_BATCH = 500
T = TypeVar("T")


@dataclass(slots=True)
class Change:
    """A write other than a message: `work` runs in the transaction while `pair` is held."""

    pair: Pair
    work: Callable[[], Any]


Job = Draft | Change
Settle = Callable[[Any], None]
Waiting = Settle | asyncio.Future[Any]


class Writer:
    """The one who writes for an event loop. All methods are called on that loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._queue: list[tuple[Job, Waiting]] = []
        self._busy = False

    def submit(self, job: Job, waiting: Waiting) -> None:
        """Queue a write; `waiting` gets its outcome: what `store` or `work` returned, or a `Refusal`."""
        self._queue.append((job, waiting))
        if not self._busy:
            self._busy = True
            self._loop.call_soon(self._next_batch)

    async def store(self, message: Draft) -> Stored:
        """Store one message and wait until it is committed."""
        future: asyncio.Future[Stored] = self._loop.create_future()
        self.submit(message, future)
        return await future

    async def change(self, pair: Pair, work: Callable[[], T]) -> T:
        """Do `work` in a transaction that holds `pair`; returns its result after the commit or raises its `Refusal`."""
        future: asyncio.Future[T | Refusal] = self._loop.create_future()
        self.submit(Change(pair, work), future)
        outcome = await future
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome

    async def settled(self) -> None:
        """Wait until everything that was submitted before is committed and handed out."""
        if self._busy:
            future: asyncio.Future[None] = self._loop.create_future()
            self.submit(Change((0, 0), lambda: None), future)
            await future

    def _next_batch(self) -> None:
        batch, self._queue = self._queue[:LARGEST_BATCH], self._queue[LARGEST_BATCH:]
        for job, _ in batch:
            if type(job) is Draft:
                job.viewed = viewing.is_viewing(job.recipient.id, job.sender.id)
        done = self._loop.run_in_executor(self._thread, _commit, [job for job, _ in batch])
        done.add_done_callback(lambda future: self._hand_out(batch, future.result()))

    def _hand_out(self, batch: list[tuple[Job, Waiting]], outcomes: list[Any]) -> None:
        more = bool(self._queue)
        if more:
            self._next_batch()
        # A task that waits for its future goes on in the loop's next turn; functions must not overtake it.
        for (_, waiting), outcome in zip(batch, outcomes, strict=True):
            if not isinstance(waiting, asyncio.Future):
                self._loop.call_soon(_settle, waiting, outcome)
            elif not waiting.done():
                waiting.set_result(outcome)
        if not more:
            self._loop.call_soon(self._rest)

    def _rest(self) -> None:
        """Everything is handed out; go on if something was queued meanwhile."""
        if self._queue:
            self._next_batch()
        else:
            self._busy = False


def _settle(settle: Settle, outcome: Any) -> None:
    try:
        settle(outcome)
    except Exception:
        logger.exception("the outcome of a write was not delivered")


_writers: WeakKeyDictionary[asyncio.AbstractEventLoop, Writer] = WeakKeyDictionary()


def current() -> Writer:
    """The writer of the running event loop."""
    loop = asyncio.get_running_loop()
    writer = _writers.get(loop)
    if writer is None:
        writer = _writers[loop] = Writer(loop)
    return writer


def _commit(jobs: Sequence[Job]) -> list[Any]:
    """One outcome for each job. If they can't be committed together, each is tried alone."""
    try:
        return _together(jobs)
    except _UnavailableError:
        return [Refusal(Reason.STORAGE_UNAVAILABLE, retry_after=1) for _ in jobs]
    except Exception:
        if len(jobs) == 1:
            logger.exception("a write failed")
            return [Refusal(Reason.INTERNAL_ERROR)]
        logger.warning("a batch of %d writes failed; each is tried alone", len(jobs), exc_info=True)
        return _one_by_one(jobs)
    finally:
        give_back_pooled_connections()


def _one_by_one(jobs: Sequence[Job]) -> list[Any]:
    outcomes: list[Any] = []
    for job in jobs:
        outcome = _commit([job])[0]
        outcomes.append(outcome)
        if isinstance(outcome, Refusal) and outcome.reason is Reason.STORAGE_UNAVAILABLE:
            break
    return outcomes + [outcomes[-1]] * (len(jobs) - len(outcomes))


class _UnavailableError(Exception):
    """The database can't be reached, or it is not known whether it committed."""


def _together(jobs: Sequence[Job]) -> list[Any]:
    for attempt in ("first", "last"):
        worked = False
        try:
            with exclusive(job.pair for job in jobs):
                outcomes = list(_work(jobs))
                worked = True
        except (OperationalError, InterfaceError) as error:
            drop_broken_connections()
            # After a failed commit nobody knows whether it took place: only the client, by its `client_id`, may repeat.
            if worked or attempt == "last":
                raise _UnavailableError from error
            logger.warning("the database failed; trying once more", exc_info=True)
        else:
            return outcomes
    raise AssertionError("unreachable")


def _work(jobs: Sequence[Job]) -> Iterator[Any]:
    for kind, run in groupby(jobs, key=type):
        if kind is Draft:
            yield from store([job for job in run if isinstance(job, Draft)])
        else:
            for job in run:
                assert isinstance(job, Change)
                try:
                    yield job.work()
                except Refusal as refusal:
                    yield refusal
