"""Who is online: each process knows its own sockets, and a board that all processes share knows the rest."""

from chat.presence.tracker import Presence, current, online_here, sockets_by_source

__all__ = ["Presence", "current", "online_here", "sockets_by_source"]
