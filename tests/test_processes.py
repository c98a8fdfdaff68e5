"""Several processes need Redis; without it the second one refuses to start, in words."""

import shutil
import subprocess
import sys
import unittest

from tests.deployments import ENVIRONMENT
from tests.services import PATIENCE, ROOT, ChatServer, free_port, temporary_folder


class WithoutRedisOneProcessServes(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = temporary_folder("processes")
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment = {**ENVIRONMENT, "VAR_DIR": str(self.folder), "DATABASE_URL": "", "REDIS_URL": ""}

    def refusal(self, *command: str) -> str:
        ended = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", **self.environment},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return ended.stdout + ended.stderr

    def test_a_second_process_on_the_same_data_says_what_it_needs(self) -> None:
        server = ChatServer("uvicorn", self.environment)
        self.addCleanup(server.stop)
        said = self.refusal("manage.py", "runserver", "--noreload", f"127.0.0.1:{free_port()}")
        self.assertIn("several processes need REDIS_URL", said)

    def test_a_server_with_two_workers_ends_and_says_why(self) -> None:
        said = self.refusal(
            "-m", "uvicorn", "chatproject.asgi:application", "--workers", "2", "--port", str(free_port())
        )
        self.assertIn("several processes need REDIS_URL", said)

    def test_the_next_process_may_serve_once_the_first_has_ended(self) -> None:
        server = ChatServer("uvicorn", self.environment)
        self.addCleanup(lambda: server.stop())
        server.program.process.kill()
        server.program.wait()
        server.start_again()
