"""Why an upload is not taken."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """A stable word for programs; existing values never change their meaning."""

    MISSING = "file_missing"
    KIND = "kind_unknown"
    EMPTY = "file_empty"
    TOO_LARGE = "file_too_large"
    NOT_OF_KIND = "file_not_of_kind"
    BROKEN = "file_broken"
    TOO_MANY_PIXELS = "too_many_pixels"


@dataclass
class UploadRefused(Exception):
    """The file is not taken, and nothing is kept of it."""

    why: Why
