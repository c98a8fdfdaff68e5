"""The READMEs tell the truth: commands exist, settings are those of the code, and the conversation takes place."""

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
from django.core.management import get_commands
from django.test import SimpleTestCase

from chatproject.environment import Environment
from tests.case import OwnServerTest
from tests.client import PATIENCE
from tests.examples import ROOT, Block, Ids, blocks, differences, frame

READMES = ("README.md", "README.zh-CN.md")
PLACE = "127.0.0.1:8000"
UNTRACKED = {".venv", ".venv-audit", "var", "node_modules", ".git"}


def documents() -> Iterator[Path]:
    """Every Markdown file of the project."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in UNTRACKED]
        yield from (Path(folder, name) for name in names if name.endswith(".md"))


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as they are made of their text where Markdown is shown."""
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


class TheDocuments(SimpleTestCase):
    def test_links_lead_somewhere(self) -> None:
        for document in documents():
            for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", document.read_text()):
                path, _, anchor = target.partition("#")
                file = (document.parent / path).resolve() if path else document
                with self.subTest(document=str(document.relative_to(ROOT)), target=target):
                    self.assertTrue(file.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(file.read_text()))

    def test_make_words_are_in_the_makefile(self) -> None:
        words = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        for document in documents():
            named = re.findall(r"(?:`|^    )make ([a-z0-9-]+)", document.read_text(), re.MULTILINE)
            self.assertEqual(set(named) - words, set(), document)

    def test_commands_of_manage_py_exist(self) -> None:
        commands = set(get_commands())
        for document in documents():
            named = re.findall(r"manage\.py ([a-z_]+)", document.read_text())
            self.assertEqual(set(named) - commands, set(), document)

    def test_programs_of_the_environment_exist(self) -> None:
        for document in documents():
            for program in re.findall(r"\.venv/bin/([a-z-]+)", document.read_text()):
                self.assertTrue(Path(sys.executable).with_name(program).exists(), f"{document}: {program}")


class TheTwoReadmes(SimpleTestCase):
    def test_show_the_same_commands_and_examples(self) -> None:
        one, other = ([block[:2] for block in blocks(ROOT / name)] for name in READMES)
        self.assertEqual(one, other)

    def test_list_every_setting_with_its_default(self) -> None:
        defaults = [(f"`{field.encode_name}`", shown(field.default)) for field in msgspec.structs.fields(Environment)]
        for name in READMES:
            with self.subTest(readme=name):
                lines = (ROOT / name).read_text().splitlines()
                rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in lines if line.startswith("| `")]
                self.assertEqual([tuple(row) for row in rows], defaults)


class TheReadmesFirstConversation(OwnServerTest):
    """On a server with the demo data, as `make run` starts it."""

    deployments = ("daphne",)

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.printed = await self.run_program("manage.py", "load_demo", "--if-debug")
        self.terminals: dict[str, asyncio.subprocess.Process] = {}
        self.ids = Ids()

    def examples(self, language: str) -> list[Block]:
        return [block for block in blocks(ROOT / READMES[0]) if block.words == [language]]

    async def test_begins_with_what_make_run_prints(self) -> None:
        self.assertEqual(self.printed, self.examples("text")[0].text)

    async def test_takes_place_in_two_terminals(self) -> None:
        for block in self.examples("console"):
            terminal, *lines = block.text.splitlines()
            for line in lines:
                await self.follow(terminal, line)

    async def test_takes_place_in_python(self) -> None:
        (program,), shown_output = self.examples("python"), self.examples("text")[1].text
        printed = await self.run_program("-c", self.here(program.text))
        for written, heard in zip(shown_output.splitlines(), printed.splitlines(), strict=True):
            self.assertEqual(list(differences(frame(written), frame(heard), self.ids)), [])

    def here(self, text: str) -> str:
        """The text for the test's own server."""
        return text.replace(PLACE, f"127.0.0.1:{self.deployment.servers[0].port}")

    async def follow(self, terminal: str, line: str) -> None:
        """Type what is to be typed, and compare what is to be heard."""
        sign, rest = line[0], line[2:]
        if sign == "$":
            program, *arguments = self.here(rest).split()
            self.terminals[terminal] = await asyncio.create_subprocess_exec(
                str(ROOT / program),
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            self.addAsyncCleanup(self.leave, self.terminals[terminal])
        elif sign == ">":
            keyboard = self.terminals[terminal].stdin
            assert keyboard is not None
            keyboard.write(f"{rest}\n".encode())
        else:
            heard = await asyncio.wait_for(self.heard_by(self.terminals[terminal]), PATIENCE)
            self.assertEqual(list(differences(frame(rest), frame(heard), self.ids)), [], terminal)

    async def heard_by(self, terminal: asyncio.subprocess.Process) -> str:
        """The next frame that the client prints, among the signs that move its cursor."""
        screen = terminal.stdout
        assert screen is not None
        while True:
            line = await screen.readline()
            self.assertTrue(line, "the client has ended")
            if b"< {" in line:
                return line.decode().partition("< ")[2]

    async def leave(self, terminal: asyncio.subprocess.Process) -> None:
        terminal.kill()
        await terminal.communicate()

    async def run_program(self, *arguments: str) -> str:
        """What a Python program prints, run beside the test's server."""
        environment = {**os.environ, **self.deployment.servers[0].environment, "HOST": "127.0.0.1", "PORT": "8000"}
        program = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await asyncio.wait_for(program.communicate(), PATIENCE)
        self.assertEqual(program.returncode, 0)
        return printed.decode()


def shown(default: object) -> str:
    """A default as the READMEs show it."""
    if isinstance(default, bool):
        return f"`{int(default)}`"
    return f"`{default}`" if default != "" else "—"
