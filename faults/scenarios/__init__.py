"""Every fault by its name, in the order in which they run."""

from collections.abc import Callable
from dataclasses import dataclass

from faults.options import Options
from faults.report import Report
from faults.scenarios import calm, databases, ends, network, redis, resources, sign_ins, slow


@dataclass(frozen=True)
class Scenario:
    """What it breaks, in a line, and the function that does it."""

    about: str
    run: Callable[[Options, Report], None]
    short: bool = True
    """It has a short form that shows something, and needs no rights that a build machine may lack."""


SCENARIOS = {
    "calm": Scenario("nothing breaks: one process of daphne, of uvicorn, and two processes", calm.run, short=False),
    "kill": Scenario("SIGKILL of a server under load, at random moments", ends.kill),
    "terminate": Scenario("SIGTERM under load: 1012 for every socket, nothing hangs", ends.terminate),
    "one-of-two": Scenario("two processes, of which one is killed", ends.one_of_two),
    "network": Scenario("cut in mid-frame, reset, half-open, byte by byte, silence, delays", network.run),
    "slow-reader": Scenario("a client that reads nothing for minutes", slow.run),
    "redis": Scenario("Redis flushed, stopped in its tracks, killed and started again", redis.run),
    "postgres": Scenario("PostgreSQL's backends ended, and all of it restarted", databases.postgres),
    "pool": Scenario("other programs take all of PostgreSQL's connections", databases.pool, short=False),
    "sqlite-locked": Scenario("another program locks the SQLite file", databases.sqlite_locked, short=False),
    "disk-full": Scenario("the disk under SQLite is full", databases.disk_full, short=False),
    "sign-ins": Scenario("2,000 sign-ins at once, half of them with a wrong password", sign_ins.run),
    "clock": Scenario("the clock is set back by an hour", calm.clock),
    "resources": Scenario("thousands of sockets come and go", resources.run, short=False),
}
