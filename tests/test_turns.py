"""What processes write to the same pair is told by each of them in the order in which it was written."""

import asyncio
import os
import random
from functools import partial
from unittest import IsolatedAsyncioTestCase

from chat.counts import counts
from chat.database.pairs import Pair, Turn, pair
from chat.turns import Turns

ONE, OTHER, APART = (1, 2), (1, 3), (4, 5)
PATIENCE = 10.0


class TurnsTest(IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.here, self.there = await self.process(), await self.process()
        self.told: list[str] = []

    async def process(self) -> Turns:
        """The turns of one process; what it posts arrives at once, as the test has one layer."""
        turns = Turns(asyncio.get_running_loop())
        await turns.begin()
        return turns

    def tell(self, turns: Turns, turn: Turn, of: Pair, what: str, before: Turn | None = None) -> None:
        turns.tell(turn, of, before, partial(self.told.append, what))


class WhatIsToBeTold(TurnsTest):
    async def test_is_told_at_once_where_no_other_process_wrote(self) -> None:
        self.tell(self.here, self.here.next(), ONE, "first")
        self.assertEqual(self.told, ["first"])

    async def test_waits_until_the_other_process_has_told_what_it_wrote_before(self) -> None:
        before = self.there.next()
        self.tell(self.here, self.here.next(), ONE, "second", before)
        self.tell(self.there, before, ONE, "first")
        self.assertEqual(self.told, ["first"])
        self.there.over(before)
        self.assertEqual(self.told, ["first", "second"])

    async def test_does_not_wait_for_a_turn_that_is_over(self) -> None:
        before = self.there.next()
        self.there.over(before)
        self.tell(self.here, self.here.next(), ONE, "second", before)
        self.assertEqual(self.told, ["second"])

    async def test_of_either_account_waits_behind_it(self) -> None:
        before, now = self.there.next(), self.here.next()
        self.tell(self.here, now, ONE, "waits", before)
        self.tell(self.here, now, OTHER, "waits behind")
        self.tell(self.here, now, APART, "goes on")
        self.assertEqual(self.told, ["goes on"])
        self.there.over(before)
        self.assertEqual(self.told, ["goes on", "waits", "waits behind"])

    async def test_does_not_wait_for_what_the_other_process_wrote_later(self) -> None:
        before, mine = self.there.next(), self.here.next()
        self.there.over(before)
        later = self.there.next()
        self.tell(self.there, later, ONE, "third", mine)
        self.there.over(later)
        self.tell(self.here, mine, ONE, "second", before)
        self.assertEqual(self.told, ["second"])
        self.here.over(mine)
        self.assertEqual(self.told, ["second", "third"])

    async def test_is_told_although_what_was_told_before_failed(self) -> None:
        def fail() -> None:
            raise ValueError

        before, now = self.there.next(), self.here.next()
        self.here.tell(now, ONE, before, fail)
        self.tell(self.here, now, ONE, "told")
        with self.assertLogs("chat.turns", "ERROR"):
            self.there.over(before)
        self.assertEqual(self.told, ["told"])

    async def test_is_told_where_the_other_process_never_answers(self) -> None:
        told, unanswered = asyncio.Event(), counts.unanswered
        self.here.tell(self.here.next(), ONE, Turn("turns.gone!1", 1), told.set)
        self.assertFalse(told.is_set())
        await asyncio.wait_for(told.wait(), PATIENCE)
        self.assertEqual(counts.unanswered, unanswered + 1)

    async def test_may_be_thousands_of_things(self) -> None:
        before, now = self.there.next(), self.here.next()
        self.tell(self.here, now, ONE, "0", before)
        for number in range(1, 5000):
            self.tell(self.here, now, ONE, str(number))
        self.there.over(before)
        self.assertEqual(self.told, [str(number) for number in range(5000)])


class AnyHistory(TurnsTest):
    """Processes write batches to few pairs and tell of them whenever they come to it."""

    STEPS = 2000

    async def test_is_told_by_all_in_one_order_and_to_its_end(self) -> None:
        seed = int(os.environ.get("TURNS_SEED", random.randrange(2**32)))
        dice = random.Random(seed)
        processes = [self.here, self.there, await self.process()]
        pairs = [pair(one, other) for one in range(4) for other in range(one)]
        last: dict[Pair, tuple[Turns, Turn]] = {}
        written: dict[Pair, list[str]] = {of: [] for of in pairs}
        untold: dict[Turns, list[tuple[Turn, list[tuple[Pair, str]], dict[Pair, Turn]]]] = {p: [] for p in processes}

        def write(process: Turns) -> None:
            turn = process.next()
            batch = [(of, f"{of} {len(written[of])}") for of in dice.sample(pairs, 2)]
            before = {of: last[of][1] for of, _ in batch if of in last and last[of][0] is not process}
            for of, what in batch:
                written[of].append(what)
                last[of] = (process, turn)
            untold[process].append((turn, batch, before))

        def hand_out(process: Turns) -> None:
            turn, batch, before = untold[process].pop(0)
            for of, what in batch:
                self.tell(process, turn, of, what, before.get(of))
            process.over(turn)

        for _ in range(self.STEPS):
            process = dice.choice(processes)
            if untold[process] and dice.random() < 0.5:
                hand_out(process)
            else:
                write(process)
        for process in processes:
            while untold[process]:
                hand_out(process)
        for of in pairs:
            told = [what for what in self.told if what.startswith(f"{of} ")]
            self.assertEqual(told, written[of], f"TURNS_SEED={seed}")
