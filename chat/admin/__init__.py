"""Conversations, messages and notifications in the admin."""

from chat.admin import conversations, messages, notifications

__all__ = ["conversations", "messages", "notifications"]
