"""Shops and their questions, as an app's own server reads and sets them over HTTP."""
