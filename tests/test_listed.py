"""What is listed for programs, such as codes and reasons, the server can answer: no word stands there in vain."""

import ast
import unittest
from collections.abc import Iterator
from enum import Enum

from accounts.api.problems import Code
from accounts.refusals import Reason
from chat.protocol.closing import CloseCode
from chat.uploads.refused import Why
from tests.services import ROOT

PACKAGES = ("accounts", "chat", "chatproject", "robots")


def looked_up(node: ast.AST) -> list[ast.AST | None]:
    """Parts of it in which a word is looked up or compared, and not given to anybody."""
    match node:
        case ast.Dict(keys=keys):
            return [*keys]
        case ast.Compare(left=left, comparators=others):
            return [left, *others]
        case ast.MatchValue(value=value):
            return [value]
    return []


def given(tree: ast.AST, kind: str) -> Iterator[str]:
    """The names of the kind's words that some code gives: raises, answers, or translates others to."""
    passive = {id(inner) for node in ast.walk(tree) for part in looked_up(node) if part for inner in ast.walk(part)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=word) if name == kind and id(node) not in passive:
                yield word


class EveryWordThatIsListed(unittest.TestCase):
    def test_is_given_by_some_code(self) -> None:
        paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
        trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
        kinds: tuple[type[Enum], ...] = (Code, Reason, Why, CloseCode)
        for kind in kinds:
            with self.subTest(kind.__name__):
                found = {name for tree in trees for name in given(tree, kind.__name__)}
                self.assertEqual({word.name for word in kind} - found, set())
