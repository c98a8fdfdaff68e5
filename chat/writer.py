"""Group commit: one thread writes, and what has queued while it wrote is its next transaction.

No timer is involved: with nothing queued a write is committed at once, and under load a commit is shared by many.
Outcomes are handed out in the order of submission, on the event loop, after the commit; what another process wrote
to the same pair before is told before (`chat.turns`).
"""

import asyncio
import atexit
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, groupby
from queue import SimpleQueue
from threading import Thread
from typing import Any
from weakref import WeakKeyDictionary

from django.db import InterfaceError, OperationalError

from accounts.refusals import Reason, Refusal
from chat import viewing
from chat.counts import counts
from chat.database.connections import drop_broken_connections, give_back_pooled_connections
from chat.database.pairs import Pair, Turn, exclusive
from chat.drafts import Change, Draft
from chat.events import MessageSent
from chat.messages import store
from chat.turns import Turns
from chat.webhooks import deliverer, outbox

logger = logging.getLogger(__name__)

LARGEST_BATCH = 500


Job = Draft | Change
Settle = Callable[[Any], None]
"""Gets what a job came to: what `store` or the change's `work` returned, or a `Refusal`."""


@dataclass(slots=True)
class Batch:
    """What is written in one transaction."""

    jobs: list[tuple[Job, Settle]]
    turn: Turn
    taken: float
    """When it was begun, by the loop's clock."""
    before: dict[Pair, Turn] = field(default_factory=dict)
    """The turns of other processes that are to be told before."""
    ending: bool = False
    """From the begin of the commit on others may see it. Set by the thread, and read by the loop meanwhile."""
    told: list[asyncio.Future[None]] = field(default_factory=list)
    """Those who wait until it is told."""


class Writer:
    """The one who writes for an event loop. All methods are called on that loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        # Not an executor: handing a batch to one and back takes as long as two messages do.
        self._batches: SimpleQueue[Batch | None] = SimpleQueue()
        self._thread = Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()
        atexit.register(self._end)
        self._queue: list[tuple[Job, Settle]] = []
        self._busy = False
        self._batch: Batch | None = None
        self._turns = Turns(loop)
        self._opening: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Writes that are queued for the next batches."""
        return len(self._queue)

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._busy

    def submit(self, job: Job, settle: Settle) -> None:
        """Queue a write. `settle` is called after the commit, in the order of submission, and must not wait."""
        self._queue.append((job, settle))
        if not self._busy:
            self._busy = True
            if self._turns.open:
                self._loop.call_soon(self._next_batch)
            else:
                self._opening = self._loop.create_task(self._first_batch())

    async def done(self, job: Job) -> Any:
        """Write and wait until it is committed; raises its `Refusal`. What others submit later may be told before."""
        future: asyncio.Future[Any] = self._loop.create_future()
        self.submit(job, lambda outcome: None if future.done() else future.set_result(outcome))
        outcome = await future
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome

    async def told(self) -> None:
        """Wait until all that others can read by now has been told; not for what is not committed yet."""
        if self._batch is not None and self._batch.ending:
            told: asyncio.Future[None] = self._loop.create_future()
            self._batch.told.append(told)
            await told

    async def _first_batch(self) -> None:
        await self._turns.begin()
        self._next_batch()

    def _next_batch(self) -> None:
        jobs, self._queue = self._queue[:LARGEST_BATCH], self._queue[LARGEST_BATCH:]
        for job, _ in jobs:
            if type(job) is Draft:
                job.viewed = viewing.is_viewing(job.recipient.id, job.sender.id)
        batch = self._batch = Batch(jobs, self._turns.next(), self._loop.time())
        self._batches.put(batch)

    def _write(self) -> None:
        """What the thread does."""
        while (batch := self._batches.get()) is not None:
            outcomes = _commit([job for job, _ in batch.jobs], batch)
            # A loop that is closed has nobody left to be told.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._hand_out, batch, outcomes)

    def _end(self) -> None:
        """The process ends, but not before what is being written is committed."""
        self._batches.put(None)
        self._thread.join()

    def _hand_out(self, batch: Batch, outcomes: list[Any]) -> None:
        self._batch = None
        if self._queue:
            self._next_batch()
        else:
            self._busy = False
        for (job, settle), outcome in zip(batch.jobs, outcomes, strict=True):
            # Whatever else is told of the pair waits for the first of it anyway.
            earlier = batch.before.pop(job.pair, None) if batch.before else None
            try:
                if earlier is None and self._turns.idle:
                    settle(outcome)
                else:
                    self._turns.tell(batch.turn, job.pair, earlier, partial(settle, outcome))
            except Exception:
                logger.exception("the outcome of a write was not delivered")
        self._turns.over(batch.turn)
        for told in batch.told:
            if not told.done():
                told.set_result(None)
        events = chain.from_iterable(outcome if type(outcome) is list else (outcome,) for outcome in outcomes)
        messages = sum(type(event) is MessageSent for event in events)
        counts.batch(len(batch.jobs), messages, self._loop.time() - batch.taken)


_writers: WeakKeyDictionary[asyncio.AbstractEventLoop, Writer] = WeakKeyDictionary()


def current() -> Writer:
    """The writer of the running event loop."""
    loop = asyncio.get_running_loop()
    writer = _writers.get(loop)
    if writer is None:
        writer = _writers[loop] = Writer(loop)
    return writer


def waiting() -> int:
    """Writes that are queued in this process."""
    return sum(writer.waiting for writer in list(_writers.values()))


def _commit(jobs: Sequence[Job], batch: Batch) -> list[Any]:
    """One outcome for each of these jobs of the batch. If they can't be committed together, each is tried alone."""
    try:
        with counts.commits.timed():
            return _together(jobs, batch)
    except _UnavailableError:
        return [Refusal(Reason.STORAGE_UNAVAILABLE, retry_after=1) for _ in jobs]
    except Exception:
        if len(jobs) == 1:
            logger.exception("a write failed")
            return [Refusal(Reason.INTERNAL_ERROR)]
        logger.warning("a batch of %d writes failed; each is tried alone", len(jobs), exc_info=True)
        return _one_by_one(jobs, batch)
    finally:
        give_back_pooled_connections()


def _one_by_one(jobs: Sequence[Job], batch: Batch) -> list[Any]:
    outcomes: list[Any] = []
    for job in jobs:
        outcome = _commit([job], batch)[0]
        outcomes.append(outcome)
        if isinstance(outcome, Refusal) and outcome.reason is Reason.STORAGE_UNAVAILABLE:
            break
    return outcomes + [outcomes[-1]] * (len(jobs) - len(outcomes))


class _UnavailableError(Exception):
    """The database can't be reached, or it is not known whether it committed."""


def _together(jobs: Sequence[Job], batch: Batch) -> list[Any]:
    for attempt in ("first", "last"):
        worked = False
        try:
            with exclusive((job.pair for job in jobs), batch.turn) as earlier:
                batch.before.update(earlier)
                outcomes = list(_work(jobs))
                told = outbox.record(outcomes)
                worked = batch.ending = True
        except (OperationalError, InterfaceError) as error:
            was_broken = drop_broken_connections()
            # After a failed commit nobody knows whether it took place: only the client, by its `client_id`, may repeat.
            # What waited in vain for a lock, or for a connection, is told so, and does not wait again.
            if worked or attempt == "last" or not was_broken:
                raise _UnavailableError from error
            logger.warning("the database failed; trying once more", exc_info=True)
        else:
            if told:
                deliverer.wake()
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
