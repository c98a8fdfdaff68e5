"""What can be watched of this process, for Prometheus: what was counted, and what is found at the time of asking."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from accounts.models import Source
from accounts.refusals import Reason
from chat import delivery, presence, writer
from chat.counts import Histogram, counts
from chat.protocol.closing import CloseCode
from chat.protocol.codec import KNOWN
from chat.queries.sign_in import passwords
from chat.sockets import consumer
from chat.webhooks import deliverer

NOT_SIGNED_IN = "none"
CLOSE_CODES = (1000, 1001, 1005, 1006, *CloseCode)
"""Those that say something; any other that a client makes up is counted as `other`."""


def text() -> bytes:
    """All of it, in Prometheus's text format. Called on the event loop, where nothing changes meanwhile."""
    return generate_latest(_registry)


class ChatCollector(Collector):
    """Reads everything at the moment in which it is asked, so that working costs nothing."""

    def collect(self) -> Iterator[Metric]:
        yield from _sockets()
        yield from _traffic()
        yield from _writing()
        yield from _webhooks()
        yield _gauge("tasks", "Tasks of the event loop.", len(asyncio.all_tasks()))
        yield _gauge("password_queue", "Password checks that wait or run.", passwords.waiting)
        yield _gauge("redis_out_of_reach", "1 while Redis can't be reached.", delivery.layer().out_of_reach)
        yield _counter("events_lost", "Events that did not reach the other processes.", counts.lost)
        yield _counter("turns_unanswered", "Turns of other processes that were waited for in vain.", counts.unanswered)


def _sockets() -> Iterator[Metric]:
    names: dict[Source | None, str] = {None: NOT_SIGNED_IN, **{source: source.name.lower() for source in Source}}
    open_sockets = Counter(names[socket.session.source] for socket in consumer.sockets)
    yield _gauge("accounts_online", "Accounts with a socket in this process.", presence.online_here())
    waiting = [socket.outbox.waiting for socket in consumer.sockets]
    yield _gauges(
        "sockets", "Open sockets, by source.", "source", {name: open_sockets[name] for name in names.values()}
    )
    yield _gauge("outbox_frames", "Frames that wait to be written to sockets, all together.", sum(waiting))
    yield _gauge("outbox_frames_largest", "Frames that wait for the slowest socket.", max(waiting, default=0))
    closed = Counter({str(int(code)): counts.closed[code] for code in CLOSE_CODES})
    closed["other"] = counts.closed.total() - closed.total()
    yield _counters("sockets_closed", "Sockets that have ended, by close code.", "code", closed)


def _traffic() -> Iterator[Metric]:
    frames = Counter(dict.fromkeys(sorted({*KNOWN, "ping", "error"}), 0))
    for kind, number in counts.frames.items():
        frames[kind if isinstance(kind, str) else kind.__struct_config__.tag] += number  # type: ignore[attr-defined]
    yield _counters("frames", "Frames from clients, by query; error is none of them.", "query", frames)
    refusals = {reason.value: counts.refusals[reason] for reason in Reason}
    yield _counters("refusals", "Frames that were answered with an error, by reason.", "reason", refusals)


def _writing() -> Iterator[Metric]:
    yield _counter("messages_stored", "Messages that the writer has committed.", counts.stored)
    yield _gauge("writer_queue", "Writes that wait for the next transactions.", writer.waiting())
    yield _histogram("batch_writes", "Writes that shared a transaction.", counts.batches)
    yield _histogram("commit_seconds", "Seconds of the writer's transactions.", counts.commits)
    yield _histogram(
        "delivery_seconds", "Seconds from the writer's taking of a write to its outcome.", counts.deliveries
    )


def _webhooks() -> Iterator[Metric]:
    deliverers = deliverer.running()
    waiting = max((one.waiting for one in deliverers), default=0)
    oldest = max((one.oldest for one in deliverers), default=0.0)
    yield _gauge("webhooks_waiting", "Webhook deliveries that wait, up to 10,000, in all processes.", waiting)
    yield _gauge("webhooks_oldest_seconds", "Age of the oldest of them.", oldest)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"chat_{name}", meaning, value)


def _counter(name: str, meaning: str, value: float) -> Metric:
    return CounterMetricFamily(f"chat_{name}", meaning, value)


def _gauges(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    return _labelled(GaugeMetricFamily(f"chat_{name}", meaning, labels=[label]), values.items())


def _counters(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    return _labelled(CounterMetricFamily(f"chat_{name}", meaning, labels=[label]), values.items())


def _labelled(
    family: GaugeMetricFamily | CounterMetricFamily, values: Iterable[tuple[str, float]]
) -> GaugeMetricFamily | CounterMetricFamily:
    for label, value in values:
        family.add_metric([label], value)
    return family


def _histogram(name: str, meaning: str, histogram: Histogram) -> Metric:
    bounds = (*(str(bound) for bound in histogram.bounds), "+Inf")
    buckets = list(zip(bounds, accumulate(histogram.counts), strict=True))
    return HistogramMetricFamily(f"chat_{name}", meaning, buckets, histogram.sum)


_registry = CollectorRegistry()
_registry.register(ChatCollector())
ProcessCollector(registry=_registry)
