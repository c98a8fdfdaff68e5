"""What a server loads when it starts."""

import subprocess
import sys
import unittest

from tests.services import ROOT

LATER = ("numpy", "openpyxl")
"""What only robots, and files of questions, have a use for."""


class AServer(unittest.TestCase):
    def test_loads_libraries_for_robots_and_files_only_once_they_are_needed(self) -> None:
        code = f"import sys, chatproject.asgi; print([name for name in {LATER} if name in sys.modules])"
        said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        self.assertEqual(said.stdout.strip(), "[]")
