"""The programs that tests of JavaScript need."""

import subprocess
from pathlib import Path

import playwright

SOURCES = Path(__file__).resolve().parent
PACKAGES = SOURCES / "node_modules"


def missing_for_javascript() -> str:
    """What keeps tests of JavaScript from being run here; empty if nothing does."""
    packages = ("typescript", "axe-core", "@asyncapi/specs")
    return "" if all((PACKAGES / name).is_dir() for name in packages) else "npm"


def node() -> str:
    """The node that Playwright brings along: young enough to have WebSocket."""
    return str(Path(playwright.__file__).parent / "driver" / "node")


def tsc() -> list[str]:
    return [node(), str(PACKAGES / "typescript" / "bin" / "tsc")]


def run(command: list[str], environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run to the end beside the JavaScript of the tests."""
    return subprocess.run(command, cwd=SOURCES, env=environment, capture_output=True, text=True, timeout=120)
