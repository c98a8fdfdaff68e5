"""`robot`: how soon a robot answers what stands in no list, when the shop has few questions and when very many."""

import json
import time
from collections.abc import Sequence
from random import Random

import uvloop

from bench import deployments, processes
from bench.connecting import crowd
from bench.deployments import Deployment
from bench.figures import milliseconds
from bench.options import Options
from bench.results import Result
from bench.sockets import ChatSocket
from robots.finding.data import DATA
from robots.finding.sets import read_set

SHOP, SHOP_NUMBER = "dev17", 17
"""The demo shop."""
LONGEST = 5.0
"""Milliseconds of finding among the questions of the largest shop."""
WARM_UP = 20
"""Sentences before those that count: with the first one the encoder is loaded."""


def run(options: Options, result: Result) -> None:
    """One customer asks one sentence after another, none of them twice."""
    few, many = options.of((20, 2000), (20, 2000), (20, 40))
    sentences = _sentences(options.of(500, 100, 5))
    result.parameters |= {"sentences": len(sentences) - WARM_UP}
    for count in (few, many):
        with deployments.embedded("uvicorn") as deployment:
            deployments.prepare(deployment.settings, "questions", str(count))
            answered, cpu = uvloop.run(_asked(deployment, sentences))
            printed = deployments.prepare(deployment.settings, "finding", json.dumps(sentences))
        found: list[float] = json.loads(printed)[WARM_UP:]
        finding = milliseconds(found, 0.5)
        result.add(
            {
                "server": deployment.label,
                "questions": count,
                "finding, p50 ms": finding,
                "p99 ms": milliseconds(found, 0.99),
                "until answered, p50 ms": milliseconds(answered, 0.5),
                "p99 ms ": milliseconds(answered, 0.99),
                "CPU ms for an answer": round(1000 * cpu / len(answered), 2),
            }
        )
    result.compare(f"{many:,} questions, finding, p50 ms", finding or 0.0, at_most=LONGEST)


def _sentences(count: int) -> list[str]:
    """What customers of other shops asked, whatever came of it."""
    all_of_them = {text for file in (DATA / "held").glob("*.jsonl") for text, _ in read_set(file).sentences()}
    return Random(1).sample(sorted(all_of_them), WARM_UP + count)  # noqa: S311  (the same in every run)


async def _asked(deployment: Deployment, sentences: Sequence[str]) -> tuple[list[float], float]:
    """Seconds until each answer, and the CPU seconds of the server for all of them."""
    seconds = []
    pids = [program.process.pid for program in deployment.servers]
    async with crowd(ChatSocket, ["u0"], deployment.urls) as (customer,):
        for sentence in sentences[:WARM_UP]:
            await customer.ask("robot", account=SHOP, shop_id=SHOP_NUMBER, content=sentence)
        cpu = processes.cpu_seconds(pids)
        for sentence in sentences[WARM_UP:]:
            began = time.perf_counter()
            await customer.ask("robot", account=SHOP, shop_id=SHOP_NUMBER, content=sentence)
            seconds.append(time.perf_counter() - began)
    return seconds, processes.cpu_seconds(pids) - cpu
