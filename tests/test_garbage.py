"""What sockets leave behind in circles is freed once enough of them have closed, and not before."""

import gc
import json
import os
import shutil
import subprocess
import sys
import weakref
from unittest import IsolatedAsyncioTestCase, TestCase

from chat import garbage
from chat.counts import counts
from tests.deployments import copy_empty_database
from tests.services import PATIENCE, ROOT, temporary_folder


class Circle:
    """Something that only a look for garbage frees."""

    def __init__(self) -> None:
        self.itself = self


class WhatSocketsLeaveBehind(IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        self.close(garbage.FEWEST + counts.opened)
        await garbage.collect()
        self.left = weakref.ref(Circle())

    def close(self, sockets: int) -> None:
        counts.opened += sockets
        counts.closed[1000] += sockets

    async def test_stays_while_few_have_closed(self) -> None:
        self.close(garbage.FEWEST - 1)
        await garbage.collect()
        self.assertIsNotNone(self.left())

    async def test_is_freed_once_many_have_closed(self) -> None:
        self.close(garbage.FEWEST)
        await garbage.collect()
        self.assertIsNone(self.left())

    async def test_stays_while_more_are_open_than_have_closed(self) -> None:
        counts.opened += 2 * garbage.FEWEST
        self.close(garbage.FEWEST)
        await garbage.collect()
        self.assertIsNotNone(self.left())
        self.close(garbage.FEWEST)
        await garbage.collect()
        self.assertIsNone(self.left())
        counts.closed[1000] += 2 * garbage.FEWEST


class ASocket(TestCase):
    """It has signed in, and left: with a goodbye, or in the midst of what it was told."""

    def left(self, server: str) -> dict[str, int]:
        folder = temporary_folder("circles")
        self.addCleanup(shutil.rmtree, folder)
        copy_empty_database(folder / "chat.sqlite3")
        environment = {**os.environ, "VAR_DIR": str(folder), "CHAT_LIMITS": "0", "LOG_LEVEL": "WARNING"}
        command = [sys.executable, "-m", "tests.circles", server]
        told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(told.returncode, 0, told.stderr)
        left: dict[str, int] = json.loads(told.stdout)
        return left

    def test_of_daphne_leaves_nothing_in_circles(self) -> None:
        self.assertEqual(self.left("daphne"), {})

    def test_of_uvicorn_leaves_nothing_in_circles(self) -> None:
        self.assertEqual(self.left("uvicorn"), {})


class AServer(TestCase):
    def test_looks_for_garbage_once_all_is_loaded_though_not_through_that(self) -> None:
        folder = temporary_folder("loaded")
        self.addCleanup(shutil.rmtree, folder)
        loaded = (
            "import gc, chatproject.asgi; print(gc.isenabled(), gc.get_threshold()[0], gc.get_freeze_count() > 99_999)"
        )
        environment = {**os.environ, "VAR_DIR": str(folder)}
        told = subprocess.run(
            [sys.executable, "-c", loaded], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )
        self.assertEqual(told.stdout.split(), ["True", "5000", "True"], told.stderr)
