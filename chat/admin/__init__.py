"""Conversations, messages and notifications in the admin."""

from chat.admin import blocks, conversations, messages, notifications

__all__ = ["blocks", "conversations", "messages", "notifications"]
