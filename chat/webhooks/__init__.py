"""Telling a platform's own server what happens, over HTTP: endpoints, an outbox, and the one who empties it."""
