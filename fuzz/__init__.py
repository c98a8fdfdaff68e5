"""Frames that no client would send, by the hundred thousand: what the server makes of them always has a name."""
