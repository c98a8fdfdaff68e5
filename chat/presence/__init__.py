"""Who is online: each process knows its own sockets, and a board that all processes share knows the rest."""

from chat.presence.tracker import Presence, current, online_here

__all__ = ["Presence", "current", "online_here"]
