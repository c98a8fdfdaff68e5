"""Frames that no client would send: `python -m fuzz`, its short form, and what it has found before."""

import random
import tempfile
from pathlib import Path

from django.test import SimpleTestCase

from chat.protocol import codec
from fuzz import corpus
from fuzz.frames import Campaign
from fuzz.judging import outcome
from fuzz.sockets import FRAMES, Siege
from tests.case import SocketTest

INPUTS = 10_000
SOCKETS = 60


class WhatWasFoundBefore(SimpleTestCase):
    def test_still_has_an_outcome_that_clients_understand(self) -> None:
        for text in corpus.read():
            with self.subTest(text[:200]):
                self.assertTrue(outcome(text))

    def test_holds_each_query_as_it_is_taken_and_as_it_is_refused(self) -> None:
        outcomes = {outcome(text) for text in corpus.read()}
        self.assertLessEqual({f"{query}:" for query in codec.KNOWN}, {came.split()[0] for came in outcomes})
        self.assertLessEqual({f"{query}!" for query in codec.KNOWN}, {came.split()[0] for came in outcomes})

    def test_is_small_enough_to_be_kept(self) -> None:
        self.assertLess(corpus.FILE.stat().st_size, 300_000)


class FramesThatAreMadeUp(SimpleTestCase):
    def test_always_have_an_outcome(self) -> None:
        seed = random.SystemRandom().randrange(10**6)
        found = Campaign(seed, corpus.read()).run(INPUTS)
        self.assertEqual(found.complaints, {}, f"python -m fuzz frames --inputs {INPUTS} --seed {seed}")
        self.assertGreater(len(found.outcomes), 200)

    def test_are_the_same_for_the_same_seed(self) -> None:
        self.assertEqual(Campaign(7, []).run(500).outcomes, Campaign(7, []).run(500).outcomes)

    def test_show_what_goes_wrong_with_the_input_that_shows_it(self) -> None:
        def judge(text: str) -> str:
            if "User3" in text:
                raise ZeroDivisionError
            return outcome(text)

        (text,) = Campaign(7, [], judge).run(500).complaints.values()
        self.assertIn("User3", text)


class SocketsThatThrowThem(SocketTest):
    async def test_disturb_nobody_and_stay_open(self) -> None:
        seed = random.SystemRandom().randrange(10**6)
        heard = await Siege(self.deployment, seed).run(SOCKETS)
        self.assertEqual(heard.complaints, [], f"python -m fuzz sockets --sockets {SOCKETS} --seed {seed}")
        self.assertEqual((heard.sockets, heard.frames), (SOCKETS, SOCKETS * FRAMES))
        self.assertGreater(heard.said, 0)
        self.assertLessEqual({"binary_frame", "invalid_field", "login_required"}, set(heard.answers))


class TheCorpus(SimpleTestCase):
    def test_keeps_texts_as_they_are_but_those_that_are_long(self) -> None:
        texts = ["\0", "\ud800", "[\n]", "你好"]
        with tempfile.TemporaryDirectory() as folder:
            corpus.write([*texts, "x" * 5000, "\0"], Path(folder) / "corpus")
            self.assertEqual(sorted(corpus.read(Path(folder) / "corpus")), sorted(texts))

    def test_makes_a_text_as_small_as_its_outcome_allows(self) -> None:
        self.assertEqual(corpus.smaller("a" * 1000 + "b" + "a" * 1000, lambda text: "b" in text), "b")
