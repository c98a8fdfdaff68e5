"""Settings: what an operator may change, and what becomes of a wrong value."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import TestCase, mock

import msgspec

from chatproject.environment import Environment, load
from tests.services import ROOT

PRODUCTION = {"DEBUG": "0", "SECRET_KEY": "a-long-secret-of-an-operator", "ALLOWED_HOSTS": "chat.example"}
NAMES = {field.encode_name for field in msgspec.structs.fields(Environment)}
LIMITS = {name for name in NAMES if name.startswith(("CHAT_", "API_", "UPLOAD"))} - {"UPLOAD_STORAGE"}

WRONG = {
    "PORT": ("0", "65536", "-1", "http", "8000.5"),
    "DEBUG": ("maybe", "2"),
    "TIME_ZONE": ("Shanghai", "+08:00"),
    "LOG_LEVEL": ("loud", "info"),
    "LOG_FORMAT": ("xml", "JSON"),
    "LOG_QUERIES": ("maybe",),
    "DATABASE_URL": ("nonsense", "mysql://user:password@host/name", "/var/chat.sqlite3"),
    "REDIS_URL": (
        "localhost:6379",
        "http://localhost",
        "redis+sentinel://localhost:26379",
        "redis+sentinel://localhost:26379/mymaster/first",
        "redis+sentinel://localhost:port/mymaster",
    ),
    "UPLOAD_STORAGE": (
        "bucket",
        "https://bucket",
        "s3:///folder",
        "s3://bucket?endpoint_url",
        "s3://bucket?custom_domain=cdn.example.com",
        "s3://bucket?default_acl=public-read",
        "s3://bucket?querystring_expire=1h",
        "s3://bucket?querystring_expire=30",
    ),
    "FILES_FROM": ("img.example.com", "https://img.example.com/", "*", "data:", "https://x; script-src *"),
    "HTTPS": ("maybe", "443"),
    "HSTS_SECONDS": ("-1", "month"),
    "TRUSTED_PROXIES": ("nginx", "10.0.0.0/33", "10.0.0.1/8", "*"),
    "WEBHOOKS_PRIVATE": ("maybe", "2"),
    "WEBHOOKS_SECONDS": ("0", "31", "long"),
    "DATABASE_WAIT_SECONDS": ("0", "31", "long"),
    "LEASE_SECONDS": ("1", "3601", "long"),
    "CHAT_LIMITS": ("off?", "7"),
    "CHAT_ROBOT_SECONDS": ("-1", "61", "soon"),
    **dict.fromkeys(LIMITS - {"CHAT_LIMITS", "CHAT_ROBOT_SECONDS"}, ("-1", "many", "1.5")),
}


class EnvironmentTest(TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def read(self, dotenv: str = "", **variables: str) -> Environment:
        """What the settings are with this `.env` and these variables, and no others."""
        (self.folder / ".env").write_text(dotenv, encoding="utf-8")
        with mock.patch.dict(os.environ, variables, clear=True):
            return load(self.folder)

    def complaint(self, dotenv: str = "", **variables: str) -> str:
        """The one line with which a start with these settings ends."""
        with self.assertRaises(SystemExit) as ended:
            self.read(dotenv, **variables)
        line = str(ended.exception.code)
        self.assertEqual(len(line.splitlines()), 1, line)
        return line


class AWrongValue(EnvironmentTest):
    def test_ends_the_start_with_a_line_that_names_the_variable(self) -> None:
        for name, values in WRONG.items():
            for value in values:
                with self.subTest(name, value=value):
                    self.assertIn(name, self.complaint(**{name: value}))

    def test_in_the_file_does_so_too(self) -> None:
        self.assertIn("PORT", self.complaint("PORT=http\n"))

    def test_is_known_for_every_setting_that_not_every_text_fits(self) -> None:
        texts = {"HOST", "SECRET_KEY", "ALLOWED_HOSTS", "VAR_DIR", "METRICS_TOKEN"}
        self.assertEqual(set(WRONG), NAMES - texts)


class TheProgram(TestCase):
    def check(self, **variables: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", "check"]
        environment = {**os.environ, **variables}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    def test_ends_with_status_1_and_nothing_but_the_line(self) -> None:
        for name, value in (("PORT", "http"), ("TIME_ZONE", "Shanghai"), ("CHAT_SENDS_PER_MINUTE", "-1")):
            with self.subTest(name):
                ended = self.check(**{name: value})
                self.assertEqual(ended.returncode, 1)
                self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
                self.assertIn(name, ended.stderr)

    def test_starts_with_the_settings_of_an_operator(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            ended = self.check(**PRODUCTION, VAR_DIR=folder)
        self.assertEqual(ended.returncode, 0, ended.stderr)


class WithoutDebug(EnvironmentTest):
    def test_a_secret_must_be_given(self) -> None:
        self.assertIn("SECRET_KEY", self.complaint(**{**PRODUCTION, "SECRET_KEY": ""}))

    def test_the_hosts_must_be_given(self) -> None:
        self.assertIn("ALLOWED_HOSTS", self.complaint(**{**PRODUCTION, "ALLOWED_HOSTS": " , "}))

    def test_the_hosts_are_those_given(self) -> None:
        environment = self.read(**{**PRODUCTION, "ALLOWED_HOSTS": "a.example, b.example"})
        self.assertEqual(environment.hosts(), ["a.example", "b.example"])


class WhereSettingsComeFrom(EnvironmentTest):
    def test_every_one_has_a_default(self) -> None:
        environment = self.read()
        self.assertEqual((environment.host, environment.port), ("127.0.0.1", 8000))
        self.assertEqual((environment.debug, environment.time_zone), (True, "Asia/Shanghai"))

    def test_the_file_is_read(self) -> None:
        environment = self.read("# a comment\nPORT=9000\nTIME_ZONE='Europe/Berlin'\n")
        self.assertEqual((environment.port, environment.time_zone), (9000, "Europe/Berlin"))

    def test_the_environment_wins_over_the_file(self) -> None:
        self.assertEqual(self.read("PORT=9000\nHOST=0.0.0.0", PORT="9001").port, 9001)

    def test_an_empty_variable_is_none(self) -> None:
        self.assertEqual(self.read(PORT="").port, 8000)

    def test_other_peoples_variables_are_left_alone(self) -> None:
        self.assertEqual(self.read(PATH="/bin", CHAT_ROOM="x", port="1"), self.read())


class Limits(EnvironmentTest):
    def test_are_each_switched_off_by_0(self) -> None:
        environment = self.read(**dict.fromkeys(LIMITS - {"CHAT_LIMITS"}, "0"))
        for name in LIMITS - {"CHAT_LIMITS"}:
            self.assertEqual(getattr(environment, name.lower()), 0, name)

    def test_of_rates_are_all_switched_off_at_once(self) -> None:
        self.assertEqual(self.read(CHAT_LIMITS="0").limit(600), 0)
        self.assertEqual(self.read(CHAT_LIMITS="1").limit(600), 600)
        self.assertEqual(self.read().limit(600), 600)
