"""`reading`: lists, pages of conversations and going into a room, when little, much and very much is stored."""

import json
import random
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import uvloop

from bench import deployments
from bench.connecting import crowd
from bench.deployments import ENVIRONMENT, KEPT, Deployment, Settings
from bench.figures import milliseconds
from bench.options import Options
from bench.results import Result, say
from bench.sockets import ChatSocket
from bench.table import Row

LONGEST = 10.0
"""p99 in milliseconds."""
LISTED, DEEP = "User1", "User2"
"""Who has many conversations, and who has one with many messages unread."""
WARM_UP = 10
"""Questions of each kind before those that count."""
FOLLOWED = """
    INSERT INTO chat_progress (name, done_up_to, seen_up_to, horizon)
    SELECT follower.name, newest.id, newest.id, 0
    FROM (SELECT 'figures' AS name UNION SELECT 'search') AS follower,
        (SELECT max(id) AS id FROM chat_message) AS newest
    WHERE true
    ON CONFLICT (name) DO UPDATE SET done_up_to = excluded.done_up_to, seen_up_to = excluded.seen_up_to
"""
"""As in a database that has grown: those who follow the messages, to count them and to make them found, have come to
the newest. Else they would be at it for hours."""
Slowest = dict[str, float]
"""p99 in milliseconds, by question."""


@dataclass(frozen=True)
class Filling:
    """What is stored: `messages` in all `conversations` of one account, and `unread` more for another."""

    messages: int
    conversations: int
    unread: int

    @property
    def unread_again(self) -> str:
        """The statement that undoes reading: what these conversations began with waits for their owners again."""
        rounds = self.messages // self.conversations
        each = f"CASE owner.name WHEN '{DEEP}' THEN {self.unread} ELSE {(rounds + 1) // 2} END"
        owner = f"(SELECT {each} FROM accounts_account owner WHERE owner.id = owner_id)"
        return f"UPDATE chat_conversation SET unread = {owner}, read_up_to = 0 WHERE read_up_to > 0"

    def fill(self, settings: Settings) -> None:
        """Make it, in an empty database."""
        deployments.prepare(settings, "accounts", "1")
        say(f"  filling a database with {self.messages:,} messages")
        for account, conversations, messages in (
            (LISTED, self.conversations, self.messages),
            # Every other one is the account's own.
            (DEEP, 1, 2 * self.unread),
        ):
            command = ["manage.py", "make_history", "--account", account]
            deployments.run(settings, *command, "--conversations", str(conversations), "--messages", str(messages))


def run(options: Options, result: Result) -> None:
    """The same questions to databases of growing size, one socket asking, one question after the other."""
    conversations, unread = options.of(10_000, 10_000, 50), options.of(10_000, 10_000, 100)
    sizes = options.of([10_000, 1_000_000], [10_000, 100_000], [200])
    if options.largest:
        sizes.append(10_000_000)
    times = options.of(1000, 200, 10)
    fillings = [Filling(size, conversations, unread) for size in sizes]
    result.parameters |= {"conversations": conversations, "unread": unread, "questions of each kind": times}
    _compare(result, "SQLite", {f.messages: _embedded(f, times, result) for f in fillings})
    if options.size == "full":
        _compare(result, "PostgreSQL", {f.messages: _grown_up(f, times, result) for f in fillings})


def _embedded(filling: Filling, times: int, result: Result) -> Slowest:
    """On SQLite, kept for the next run once it is filled."""
    folder = KEPT / f"reading-{filling.messages}-{filling.conversations}-{filling.unread}"
    settings = {**ENVIRONMENT, "VAR_DIR": str(folder)}
    if not folder.exists():
        begun = folder.with_suffix(".begun")
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir(parents=True)
        filling.fill({**settings, "VAR_DIR": str(begun)})
        begun.rename(folder)
    deployments.prepare(settings, "accounts", "1")
    with deployments.embedded("uvicorn", folder=folder) as deployment:
        return uvloop.run(_all(deployment, filling, times, result))


def _grown_up(filling: Filling, times: int, result: Result) -> Slowest:
    """On PostgreSQL, with the statistics that an old database would have."""
    with deployments.cluster() as cluster, deployments.grown_up(cluster, "uvicorn") as deployment:
        filling.fill(deployment.settings)
        deployment.sql("VACUUM ANALYZE")
        return uvloop.run(_all(deployment, filling, times, result))


def _compare(result: Result, database: str, slowest: dict[int, Slowest]) -> None:
    smallest, largest = min(slowest), max(slowest)
    for question, value in slowest[largest].items():
        result.compare(f"{database}, {question}, p99 ms", value, at_most=LONGEST)
        if smallest != largest:
            growth = value / slowest[smallest][question]
            result.compare(f"{database}, {question}, p99 with {largest:,} messages / with {smallest:,}", growth)


async def _all(deployment: Deployment, filling: Filling, times: int, result: Result) -> Slowest:
    """Every question so many times; its p99."""
    dice = random.Random(1)  # noqa: S311  (the same conversations in every run)
    slowest: Slowest = {}
    deployment.sql(FOLLOWED)
    async with crowd(ChatSocket, [LISTED, DEEP], deployment.urls) as (listed, deep):
        newest: int = json.loads(await deep.ask("chats", account=f"{DEEP}-0"))["data"]["list"][-1]["id"]

        def anybody() -> str:
            return f"{LISTED}-{dice.randrange(filling.conversations)}"

        def any_page() -> int:
            return dice.randrange(filling.conversations // 20) + 1

        def inside() -> int:
            return newest - dice.randrange(2 * filling.unread)

        questions: dict[str, Callable[[], Awaitable[bytes]]] = {
            "users, first page": lambda: listed.ask("users", page=1, limit=20),
            "users, any page": lambda: listed.ask("users", page=any_page(), limit=20),
            "chats": lambda: listed.ask("chats", account=anybody()),
            "history_chats": lambda: deep.ask("history_chats", account=f"{DEEP}-0", start_id=inside(), limit=20),
            "enter_chats, one of many unread": lambda: listed.ask("enter_chats", account=anybody()),
            "enter_chats, many unread in one": lambda: deep.ask("enter_chats", account=f"{DEEP}-0"),
        }
        for question, ask in questions.items():
            seconds = []
            for number in range(WARM_UP + times):
                began = time.perf_counter()
                await ask()
                if number >= WARM_UP:
                    seconds.append(time.perf_counter() - began)
                if question.startswith("enter_chats"):
                    deployment.sql(filling.unread_again)
            p50, p99 = milliseconds(seconds, 0.5), milliseconds(seconds, 0.99)
            slowest[question] = p99 or 0.0
            row: Row = {"server": deployment.label, "messages": filling.messages, "question": question}
            result.add({**row, "p50 ms": p50, "p99 ms": p99})
    return slowest
