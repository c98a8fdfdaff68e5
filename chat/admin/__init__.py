"""Conversations, messages, notifications and webhooks in the admin."""

from chat.admin import blocks, conversations, messages, notifications, webhooks

__all__ = ["blocks", "conversations", "messages", "notifications", "webhooks"]
