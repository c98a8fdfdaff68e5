"""Deployment: the shipped files and their page name nothing that does not exist, and what they promise holds."""

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import yaml
from django.test import SimpleTestCase

from chat.metrics import text as metrics_text
from chatproject.environment import Environment
from tests.case import OwnServerTest
from tests.examples import blocks
from tests.pages import Page, fetch
from tests.services import ROOT, temporary_folder

DEPLOY = ROOT / "deploy"
PAGE = ROOT / "docs" / "deployment.md"
SETTINGS = {field.encode_name for field in msgspec.structs.fields(Environment)}
SERVERS = ("uvicorn", "daphne")
OF_THE_SYSTEM = {
    *("cd", "cp", "export", "install", "useradd", "systemctl", "systemd-run", "curl", "make"),
    *("nginx", "envsubst", "docker", "pg_dump", "pg_restore"),
}
"""Programs of the packages that the page names, and of every system."""


def program(name: str) -> Path:
    """A program of the environment that the tests run in."""
    return Path(sys.executable).with_name(name)


def flags(command: str) -> set[str]:
    return set(re.findall(r"(?<=\s)--[a-z_-]+", command))


def known_flags(name: str) -> set[str]:
    """Every flag that the program's own help names."""
    said = subprocess.run([program(name), "--help"], capture_output=True, text=True, check=True, env={**os.environ})
    return set(re.findall(r"--[a-z_-]*[a-z]", said.stdout))


def commands() -> Iterator[str]:
    """Every line of the page that is to be typed: indented, or in a block of `sh`."""
    text = PAGE.read_text()
    yield from re.findall(r"^    (\S.*)$", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S), re.M)
    for block in blocks(PAGE):
        if block.words == ["sh"]:
            yield from block.text.splitlines()


def unit() -> dict[str, list[str]]:
    """The directives of the template unit, continued lines joined."""
    text = (DEPLOY / "systemd" / "chat@.service").read_text().replace("\\\n", " ")
    directives: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", text, re.M):
        directives.setdefault(name, []).append(value)
    return directives


class ThePage(SimpleTestCase):
    def test_names_only_programs_that_exist(self) -> None:
        for command in commands():
            with self.subTest(command):
                word = shlex.split(command)[0]
                if "/" in word:
                    self.assertTrue(program(Path(word).name).exists())
                else:
                    self.assertIn(word, OF_THE_SYSTEM)

    def test_names_only_flags_that_the_servers_have(self) -> None:
        for name in SERVERS:
            shown = [command for command in commands() if command.startswith(f".venv/bin/{name} ")]
            self.assertTrue(shown)
            self.assertEqual(set().union(*map(flags, shown)) - known_flags(name), set())

    def test_names_only_files_that_exist(self) -> None:
        for name in set(re.findall(r"deploy/[\w./@-]*\w", PAGE.read_text())):
            self.assertTrue((ROOT / name).exists(), name)

    async def test_says_of_every_metric_what_it_means(self) -> None:
        names = set(re.findall(r"^# TYPE (chat_\w+)", metrics_text().decode(), re.M))
        described = set(re.findall(r"^\| `(chat_\w+)`", PAGE.read_text(), re.M))
        self.assertEqual(described, names)

    def test_shows_the_command_of_the_unit_and_of_the_image(self) -> None:
        (shown,) = (command for command in commands() if command.startswith(".venv/bin/uvicorn "))
        (started,) = unit()["ExecStart"]
        self.assertEqual(started.replace("%i", "8001").split()[1:], shown.split()[1:])
        packed = json.loads(re.findall(r"^CMD (\[.*?\])", self.image().replace("\\\n", ""), re.M | re.S)[-1])
        elsewhere = {"--host": "0.0.0.0", "--port": "8000"}
        expected = shown.split()[1:]
        for flag, value in elsewhere.items():
            expected[expected.index(flag) + 1] = value
        self.assertEqual(packed, ["uvicorn", *expected])

    def image(self) -> str:
        return (DEPLOY / "Dockerfile").read_text()


class TheUnits(SimpleTestCase):
    def test_are_such_as_systemd_takes(self) -> None:
        folder = temporary_folder("systemd")
        self.addCleanup(shutil.rmtree, folder)
        for file in (DEPLOY / "systemd").iterdir():
            here = file.read_text().replace("/srv/chat/.venv/bin", str(Path(sys.executable).parent))
            (folder / file.name).write_text(here)
            lines = [line for line in here.replace("\\\n", "").splitlines() if line and not line.startswith("#")]
            self.assertEqual(
                [line for line in lines if not re.match(r"\[(Unit|Service|Install)\]$|[A-Z]\w+=", line)], []
            )
        if shutil.which("systemd-analyze"):
            command = ["systemd-analyze", "verify", str(folder / "chat@8001.service"), str(folder / "chat.target")]
            verified = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual((verified.returncode, verified.stderr), (0, ""))

    def test_start_the_server_with_flags_that_it_has(self) -> None:
        (started,) = unit()["ExecStart"]
        self.assertEqual(flags(started) - known_flags("uvicorn"), set())

    def test_leave_more_time_to_end_than_the_server_takes(self) -> None:
        seconds = int(re.findall(r"--timeout-graceful-shutdown (\d+)", unit()["ExecStart"][0])[0])
        self.assertGreater(int(unit()["TimeoutStopSec"][0]), seconds)


class TheComposeFile(SimpleTestCase):
    compose: ClassVar[dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    variables = frozenset(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    example = frozenset(re.findall(r"^(\w+)=", (DEPLOY / ".env.example").read_text(), re.M))

    def test_sets_only_settings_that_exist(self) -> None:
        for name in ("prepare", "chat"):
            self.assertEqual(set(self.compose["services"][name]["environment"]) - SETTINGS, set())

    def test_finds_every_variable_in_the_example(self) -> None:
        self.assertEqual(self.variables - self.example, set())

    def test_and_its_example_name_nothing_else(self) -> None:
        self.assertEqual(self.example - SETTINGS - self.variables, set())

    def test_gives_nginx_every_word_of_its_template(self) -> None:
        template = (DEPLOY / "nginx" / "chat.conf.template").read_text()
        words = set(re.findall(r"\$\{(\w+)\}", re.sub(r"^\s*#.*$", "", template, flags=re.M)))
        self.assertLessEqual(words, set(self.compose["services"]["nginx"]["environment"]))

    def test_mounts_only_files_that_are_here(self) -> None:
        mounted = [volume.split(":")[0] for volume in self.compose["services"]["nginx"]["volumes"]]
        files = [place for place in mounted if place.startswith("./") and place != "./certificates"]
        self.assertEqual([place for place in files if not (DEPLOY / place).is_file()], [])

    def test_waits_only_for_services_that_it_has(self) -> None:
        services = self.compose["services"]
        awaited = {name for service in services.values() for name in service.get("depends_on", {})}
        self.assertEqual(awaited - set(services), set())

    def test_builds_an_image_that_holds_what_the_server_imports(self) -> None:
        kept = re.findall(r"^!(\S+)", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.M)
        self.assertEqual([name for name in kept if not (ROOT / name).exists()], [])
        packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "faults", "fuzz"}
        self.assertEqual(packages - set(kept), set())


class TheSettingsOfProduction(SimpleTestCase):
    def test_pass_djangos_own_check(self) -> None:
        folder = temporary_folder("check")
        self.addCleanup(shutil.rmtree, folder)
        lines = (DEPLOY / ".env.example").read_text().splitlines()
        example = dict(line.split("=", 1) for line in lines if re.match(r"\w+=", line))
        self.assertEqual(example["SECRET_KEY"], "")
        own = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
        environment = {**own, **example, "SECRET_KEY": "a-word of 50 characters or more, " * 2}
        checked = subprocess.run(
            [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            cwd=ROOT,
            env={**environment, "VAR_DIR": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))


class ProductionTest(OwnServerTest):
    deployments: ClassVar[tuple[str, ...]] = ("daphne", "uvicorn")
    environment: ClassVar = {"DEBUG": "0", "SECRET_KEY": "a-secret", "ALLOWED_HOSTS": "chat.example"}

    def page(self, path: str, **headers: str) -> Page:
        return fetch(self.deployment.servers[0].pages + path, headers={"Host": "chat.example", **headers})


class WithoutAnyProxy(ProductionTest):
    async def test_the_admin_has_its_styles(self) -> None:
        page = self.page("/admin/login/")
        styles = re.findall(r'href="(/static/[^"]+\.css)"', page.body)
        self.assertTrue(styles)
        for path in styles:
            answer = self.page(path)
            self.assertEqual((answer.status, answer.headers["content-type"]), (200, 'text/css; charset="utf-8"'))

    async def test_pages_are_made_of_files_that_browsers_keep(self) -> None:
        page = self.page("/chat/")
        for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.body):
            with self.subTest(path):
                answer = self.page(path)
                self.assertEqual((answer.status, "immutable" in answer.headers["cache-control"]), (200, True))
        other_version = re.sub("/static/[0-9a-f]{12}/", "/static/0123456789ab/", path)
        self.assertEqual(self.page(other_version).status, 404)

    async def test_what_a_browser_has_already_is_not_sent_again(self) -> None:
        first = self.page("/static/index.css")
        again = self.page("/static/index.css", **{"If-None-Match": first.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, ""))

    async def test_no_other_file_is_served(self) -> None:
        for path in ("/static/../manage.py", "/static/%2e%2e/manage.py", "/static/no-such.css"):
            self.assertEqual(self.page(path).status, 404)


class WithHttps(ProductionTest):
    environment: ClassVar = {**ProductionTest.environment, "HTTPS": "1", "HSTS_SECONDS": "600"}

    async def test_pages_over_http_are_sent_to_https(self) -> None:
        answer = self.page("/admin/")
        self.assertEqual((answer.status, answer.headers["location"]), (301, "https://chat.example/admin/"))

    async def test_cookies_are_secure_and_browsers_remember(self) -> None:
        answer = self.page("/admin/login/", **{"X-Forwarded-Proto": "https"})
        self.assertEqual(answer.status, 200)
        self.assertIn("; Secure", answer.headers["set-cookie"])
        self.assertEqual(answer.headers["strict-transport-security"], "max-age=600")


class ABackupOfSqlite(OwnServerTest):
    async def test_is_whole_while_the_server_runs(self) -> None:
        self.world.accounts("User1", "User2")
        one = await self.signed_in("User1")
        ids = await one.tell_all("User2", map(str, range(50)))
        (shown,) = (command for command in commands() if "VACUUM INTO" in command)
        copy = self.deployment.folder / "backup.sqlite3"
        _, *arguments = shlex.split(shown)
        here = [argument.replace("var/chat", str(self.deployment.folder / "chat")) for argument in arguments]
        here = [argument.replace("backup.sqlite3", str(copy)) for argument in here]
        subprocess.run([sys.executable, *here], check=True)
        with sqlite3.connect(copy) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            stored = [row[0] for row in database.execute("SELECT id FROM chat_message ORDER BY id")]
        database.close()
        self.assertEqual(stored, ids)
        self.assertEqual((await one.tell("User2", "还在"))["code"], 0)
