"""What is left of a customer's sentence once everything is taken away that says nothing about what is asked."""

import re
from functools import cache, lru_cache

from robots.finding.data import words
from robots.finding.letters import letters, narrowed

_PARTICLES = re.compile("[吗呢呀啊哦噢吧嘛啦哈诶哎喔么]+$")
_NUMBERS_AND_LINKS = re.compile(r"https?://\S+|(?:订单号?|单号|运单号?|电话|手机号?)?[:是]?\s*[a-z]{0,3}\d{6,}")
_PAUSES = re.compile(r"[^\w]+")
_SIMPLE = re.compile(r"\s+")


@cache
def _polite() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words("polite.txt"), key=len, reverse=True)))


@lru_cache(4096)
def folded(text: str) -> str:
    """The text in one width, case and script (simplified), without links, order numbers and telephone numbers."""
    narrow = narrowed(text)
    plain = _NUMBERS_AND_LINKS.sub(" ", narrow).strip()
    return _SIMPLE.sub(" ", plain) or narrow.strip()


@lru_cache(4096)
def core(text: str) -> str:
    """The letters and digits of the folded text, without words of politeness and particles at the ends of clauses."""
    clauses = (_PARTICLES.sub("", _polite().sub("", clause)) for clause in _PAUSES.split(folded(text)))
    return "".join(clauses) or letters(text)
