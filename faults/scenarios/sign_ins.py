"""`sign-ins`: a storm of sign-ins, half of them wrong, while others talk."""

import asyncio

from faults import stages
from faults.crowd import Crowd
from faults.device import GONE, Device, Person
from faults.journal import Journal
from faults.options import Options
from faults.report import Report
from tests.world import PASSWORD


def run(options: Options, report: Report) -> None:
    for kind in options.of(("daphne", "uvicorn"), ("uvicorn",)):
        with stages.embedded(kind) as deployment:
            outcomes: dict[str, int] = {}

            async def storm(crowd: Crowd, outcomes: dict[str, int] = outcomes) -> None:
                await asyncio.sleep(1)
                count = options.of(2000, 100)
                found = await asyncio.gather(*(_one(crowd, number) for number in range(count)))
                for outcome in found:
                    outcomes[outcome] = outcomes.get(outcome, 0) + 1
                await asyncio.sleep(1)

            journal = asyncio.run(stages.play(deployment, options, storm, calmly=True))
            report.judge(kind, journal, **{name: outcomes.get(name, 0) for name in sorted(outcomes)})
            half = options.of(2000, 100) // 2
            wrong = sum(count for name, count in outcomes.items() if name.startswith("WRONG"))
            report.expect(not wrong, f"{kind}: {outcomes}")
            report.expect(outcomes.get("signed in", 0) == half, f"{kind}: {outcomes}, of {half} who were right")


async def _one(crowd: Crowd, number: int) -> str:
    """One sign-in, repeated while the server is busy; what came of it."""
    right = number % 2 == 0
    model = crowd.people[number % len(crowd.people)]
    person = Person(model.app, model.name, PASSWORD if right else f"wrong-{number}", [])
    device = Device(person, lambda: crowd.urls[0], Journal(), patience=120.0)
    while True:
        try:
            answer = await device.come()
        except GONE:
            await asyncio.sleep(1)
            continue
        finally:
            await device.hang_up()
        if answer["code"] == 0:
            return "signed in" if right else "WRONG: a wrong password was taken"
        if answer.get("reason") == "server_busy":
            await asyncio.sleep(answer["retry_after"])
            continue
        if answer.get("reason") or right:
            return f"WRONG: {answer}"
        return "refused"
