"""Breaks things on purpose while scripted clients talk, and has an independent checker judge what these saw."""
