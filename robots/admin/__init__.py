"""Shops, their questions, and what no robot could answer, in the admin."""

from robots.admin import gaps, shops, unanswered

__all__ = ["gaps", "shops", "unanswered"]
