"""Shops, the questions that their robots can answer, and those that they could not."""

from robots.models.meanings import Learning, Meanings
from robots.models.memberships import Membership
from robots.models.notes import Note
from robots.models.shops import (
    DEFAULT_AWAY,
    DEFAULT_FALLBACK,
    DEFAULT_GREETING,
    DEFAULT_HANDOVER,
    DEFAULT_SUGGESTION,
    SHORTCUT,
    TIME,
    Faq,
    QuickReply,
    Shop,
    Speaks,
    changed,
    check_hours,
    check_zone,
    new_version,
)
from robots.models.unanswered import Gap, UnansweredQuestion

__all__ = [
    "DEFAULT_AWAY",
    "DEFAULT_FALLBACK",
    "DEFAULT_GREETING",
    "DEFAULT_HANDOVER",
    "DEFAULT_SUGGESTION",
    "SHORTCUT",
    "TIME",
    "Faq",
    "Gap",
    "Learning",
    "Meanings",
    "Membership",
    "Note",
    "QuickReply",
    "Shop",
    "Speaks",
    "UnansweredQuestion",
    "changed",
    "check_hours",
    "check_zone",
    "new_version",
]
