"""Conversations, messages, notifications and webhooks in the admin."""

from chat import replying, standing_in  # what staff do on the shops' pages asks them
from chat.admin import blocks, conversations, messages, notifications, webhooks

__all__ = ["blocks", "conversations", "messages", "notifications", "replying", "standing_in", "webhooks"]
