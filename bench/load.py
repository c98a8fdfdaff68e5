"""Load: pairs of sockets of which one writes messages that the other reads, and what was measured of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle

from bench.connecting import crowd
from bench.deployments import Deployment
from bench.figures import milliseconds
from bench.sockets import ChatSocket, Socket

PATIENCE = 20.0
"""Seconds in which everything that was written must have arrived and be stored."""


@dataclass(frozen=True)
class Span:
    """How long to load before the clock starts, and how long while it runs; in seconds."""

    warm_up: float
    seconds: float


@dataclass
class Measured:
    """What happened between start and stop of the clock; `latencies` in seconds, from a write to its read."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    server_cpu: float = 0.0
    all_cpu: float = 0.0
    late: list[float] = field(default_factory=list)
    """By how much the load's writes came after their time, where they had one."""
    faults: list[str] = field(default_factory=list)

    @property
    def messages(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    def cpu_for_thousand(self, *, everything: bool = False) -> float:
        """Milliseconds of CPU for 1,000 messages: of the server's processes, or of database and broker too."""
        cpu = self.all_cpu if everything else self.server_cpu
        return cpu * 1_000_000 / max(1, self.messages)

    def row(self) -> dict[str, str | float | None]:
        """The columns that all tables of throughput share."""
        return {
            "messages/s": round(self.rate),
            "p50 ms": milliseconds(self.latencies, 0.5),
            "p99 ms": milliseconds(self.latencies, 0.99),
            "CPU ms / 1,000, server": round(self.cpu_for_thousand(), 1),
            "CPU ms / 1,000, all": round(self.cpu_for_thousand(everything=True), 1),
        }


class Load:
    """Sockets in pairs on one deployment. What is written is counted, and must arrive and be stored."""

    def __init__(self, deployment: Deployment, pairs: Sequence[tuple[Socket, Socket]]) -> None:
        self._deployment = deployment
        self._pairs = pairs
        self._stored_before = deployment.stored()
        self.written = self._arrived = 0
        self._stopped = False
        self._clock: Measured | None = None

    def _write(self, sender: Socket, to: str) -> None:
        self.written += 1
        sender.send(to)

    def _read(self, written_at: int) -> None:
        self._arrived += 1
        if self._clock is not None:
            self._clock.latencies.append((time.perf_counter_ns() - written_at) / 1e9)

    async def closed_loop(self, window: int, span: Span) -> Measured:
        """Each sender has `window` messages under way, and writes the next one when one has been read."""
        for sender, recipient in self._pairs:
            reader = sender if sender.echoes else recipient
            reader.on_arrival = self._answering(sender, recipient.name)
            for _ in range(window):
                self._write(sender, recipient.name)
        return await self._over(span)

    def _answering(self, sender: Socket, to: str) -> Callable[[int], None]:
        def read(written_at: int) -> None:
            self._read(written_at)
            if not self._stopped:
                self._write(sender, to)

        return read

    async def open_loop(self, rate: float, span: Span) -> Measured:
        """All senders in turn write `rate` messages a second together, however long the server takes."""
        async with self.steadily(rate):
            return await self._over(span)

    @asynccontextmanager
    async def steadily(self, rate: float) -> AsyncIterator[None]:
        """As `open_loop`, for as long as the block lasts or until `stop`."""
        for sender, recipient in self._pairs:
            (sender if sender.echoes else recipient).on_arrival = self._read
        writing = asyncio.create_task(self._write_steadily(rate))
        try:
            yield
        finally:
            self._stopped = True
            await writing

    async def _write_steadily(self, rate: float) -> None:
        pairs = cycle(self._pairs)
        began = time.perf_counter()
        while not self._stopped:
            now = time.perf_counter()
            for number in range(self.written, int((now - began) * rate)):
                if self._clock is not None:
                    self._clock.late.append(now - began - number / rate)
                sender, recipient = next(pairs)
                self._write(sender, recipient.name)
            await asyncio.sleep(0.001)

    async def _over(self, span: Span) -> Measured:
        """Let it run, and measure after the warm-up."""
        await asyncio.sleep(span.warm_up)
        async with self.measuring() as measured:
            await asyncio.sleep(span.seconds)
        await self.stop(measured)
        return measured

    @asynccontextmanager
    async def measuring(self) -> AsyncIterator[Measured]:
        """The clock runs as long as the block does."""
        measured = Measured()
        server, everything = self._deployment.cpu_seconds()
        began = time.perf_counter()
        self._clock = measured
        yield measured
        self._clock = None
        measured.seconds = time.perf_counter() - began
        server_after, everything_after = self._deployment.cpu_seconds()
        measured.server_cpu, measured.all_cpu = server_after - server, everything_after - everything

    async def stop(self, measured: Measured) -> None:
        """Write no more, wait for what is under way, and note what went wrong."""
        self._stopped = True
        expected = self._stored_before + self.written if self._deployment.counting else self._stored_before
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._arrived >= self.written and self._receipts_missing() <= 0:
                break
            await asyncio.sleep(0.05)
        while self._deployment.stored() != expected and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        measured.faults.extend(self._faults(self._deployment.stored() - expected))

    def _receipts_missing(self) -> int:
        senders = {id(sender): sender for sender, _ in self._pairs}.values()
        if any(type(sender) is not ChatSocket for sender in senders):
            return 0
        return self.written - sum(sender.receipts for sender in senders if isinstance(sender, ChatSocket))

    def _faults(self, stored_too_many: int) -> Iterator[str]:
        name = self._deployment.label
        sockets = {id(socket): socket for pair in self._pairs for socket in pair}.values()
        refusals = [refusal for socket in sockets for refusal in socket.refusals]
        if not self._arrived:
            yield f"{name}: no message arrived"
        if refusals:
            yield f"{name}: {len(refusals)} refused, the first with {refusals[0][:200]}"
        if closed := sum(socket.closed for socket in sockets):
            yield f"{name}: {closed} sockets closed"
        if self._arrived != self.written:
            yield f"{name}: {self.written} messages written, {self._arrived} arrived"
        if missing := self._receipts_missing():
            yield f"{name}: {missing} receipts missing"
        if stored_too_many:
            yield f"{name}: {stored_too_many:+} messages stored than were written"


@asynccontextmanager
async def pairs_on(deployment: Deployment, count: int, first: int = 0) -> AsyncIterator[Load]:
    """A load of so many pairs: u0 writes to u1, u2 to u3 …; with two servers each pair has a socket on both."""
    names = [f"u{number}" for number in range(2 * first, 2 * (first + count))]
    async with crowd(deployment.kind, names, deployment.urls) as sockets:
        yield Load(deployment, list(zip(sockets[::2], sockets[1::2], strict=True)))
