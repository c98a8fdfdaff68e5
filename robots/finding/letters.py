"""A text without what never makes a difference."""

import unicodedata


def letters(text: str) -> str:
    """The text without width, case, punctuation and blanks, so that only its letters are compared."""
    narrow = unicodedata.normalize("NFKC", text).casefold().strip()
    return "".join(char for char in narrow if char.isalnum()) or narrow
