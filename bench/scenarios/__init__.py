"""Every scenario by its name, in the order in which they run."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.options import Options
from bench.results import Result
from bench.scenarios import fan_out, latency, pairs, reading, robot, sign_in, sockets, start, two_processes


@dataclass(frozen=True)
class Scenario:
    """What it measures, in a line, and the function that does it."""

    about: str
    run: Callable[[Options, Result], None]


SCENARIOS = {
    "pairs": Scenario("50 pairs on the embedded default, beside a plain echo, ejabberd and Prosody", pairs.embedded),
    "grown-up": Scenario("50 pairs on PostgreSQL, Redis and one process, beside ejabberd", pairs.grown_up),
    "two-processes": Scenario("CPU for 1,000 messages between two processes, beside one", two_processes.run),
    "many-sockets": Scenario("throughput with 4,000 sockets, beside 100", sockets.many),
    "idle": Scenario("memory of 10,000 idle signed-in sockets", sockets.idle),
    "latency": Scenario("from a write to its read, at half of the peak", latency.run),
    "fan-out": Scenario("CPU for each event and each further socket of an account", fan_out.run),
    "sign-in": Scenario("sign-ins a second, and what a storm of them does to others", sign_in.run),
    "reading": Scenario("lists and histories when much is stored", reading.run),
    "robot": Scenario("until a robot answers, among few questions and among 2,000", robot.run),
    "start": Scenario("from the start of the process to its first answer", start.run),
}
