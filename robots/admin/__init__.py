"""Shops, their questions, what no robot could answer, and the staff, in the admin."""

from robots.admin import gaps, notes, shops, staff, unanswered

__all__ = ["gaps", "notes", "shops", "staff", "unanswered"]
