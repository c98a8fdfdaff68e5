"""Words of the trade that mean the same, as data: groups that come with the server, and those that a shop adds."""

import re
from collections.abc import Iterable
from functools import lru_cache

from robots.finding.data import groups, groups_of
from robots.finding.text import core, folded


class Lexicon:
    """Groups of words; the first of a group stands for all of them.

    For a group of a shop's `own` it is the word that stands for one of them already, since that is one of the trade's.
    """

    def __init__(self, groups: Iterable[list[str]], own: Iterable[list[str]] = ()) -> None:
        self._groups: dict[str, list[int]] = {}
        self._first: dict[str, str] = {}
        self._count = 0
        for group in groups:
            words = [folded(word) for word in group]
            self._add(words, words[0])
        self._trade: dict[str, str] = {}
        for group in own:
            words = [folded(word) for word in group]
            stands = next((word for word in words if word in self._first), words[0])
            self._trade |= {word: stands for word in words if word not in self._first}
            self._add(words, self._first.get(stands, stands))
        self._word, self._own_word = _any_of(self._groups), _any_of(self._trade)

    def _add(self, words: list[str], stands: str) -> None:
        for word in words:
            self._groups.setdefault(word, []).append(self._count)
            self._first.setdefault(word, stands)
        self._count += 1

    def translated(self, text: str) -> str:
        """The folded text, with each word of the shop's own replaced by one that the trade knows."""
        return self._own_word.sub(lambda found: self._trade[found.group()], folded(text))

    def concepts(self, text: str) -> list[int]:
        """The groups of the words in the text, the longest word at each place."""
        return [number for word in self._word.findall(folded(text)) for number in self._groups[word]]

    def canonical(self, text: str) -> str:
        """The core of the text, with each known word replaced by the first of its group."""
        return self._word.sub(lambda found: self._first[found.group()], core(text))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile("|".join(longest) or r"(?!)")


@lru_cache(64)
def lexicon(extra: str = "") -> Lexicon:
    """The words of the trade, and the groups of a shop's own in `extra`."""
    return Lexicon(groups("synonyms.txt"), groups_of(extra))
