"""Conversations, messages, notifications and webhooks in the admin."""

from chat import replying  # it says what staff tell customers on the shops' pages
from chat.admin import blocks, conversations, messages, notifications, webhooks

__all__ = ["blocks", "conversations", "messages", "notifications", "replying", "webhooks"]
