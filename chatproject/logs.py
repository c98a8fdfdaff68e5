"""What the logs look like, and what never stands in them: passwords, tokens, and what people say."""

import logging
import re
from typing import Any

from pythonjsonlogger.msgspec import MsgspecFormatter

TEXT, JSON = "text", "json"

TALKATIVE = (
    "asyncio",
    "autobahn",
    "channels",
    "daphne",
    "django",
    "django.db.backends",
    "hpack",
    "httptools",
    "multipart",
    "psycopg",
    "redis",
    "twisted",
    "txaio",
    "urllib3",
    "uvicorn",
    "uvicorn.error",
    "uvicorn.asgi",
    "websockets",
    "websockets.server",
)
"""Loggers of libraries that write frames, statements or headers at DEBUG: they stay at INFO whatever LOG_LEVEL is."""

_ROW = re.compile(r"^DETAIL: .*?(?=^\n(?:The above exception|During handling)|\Z)", re.MULTILINE | re.DOTALL)
"""In what PostgreSQL says of a failure: the row that it failed on."""


def configuration(level: str, form: str) -> dict[str, Any]:
    """Django's LOGGING, for a LOG_LEVEL and a LOG_FORMAT."""
    least = level if level != "DEBUG" else "INFO"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            TEXT: {"()": Line, "format": "{asctime} {levelname} {name} {message}{fields}", "style": "{"},
            JSON: {"()": Object},
        },
        "filters": {"queryless": {"()": Queryless}, "clients' faults": {"()": ClientsFaults}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": form,
                "filters": ["queryless", "clients' faults"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            **{name: {"level": least} for name in TALKATIVE},
            "django.channels.server": {"level": "WARNING"},
            "psycopg.pool": {"level": "WARNING"},
            # uvicorn has handlers of its own; the lines of one process should look alike.
            "uvicorn": {"handlers": ["console"], "level": least, "propagate": False},
            "uvicorn.access": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }


def discreet(failure: str) -> str:
    """A traceback without the rows that a database shows in it."""
    return _ROW.sub("DETAIL: not shown\n", failure)


class Line(logging.Formatter):
    """One line for people, with the fields of what is told as `name=value` behind it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(options["format"], style=options["style"])

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        record.fields = "".join(f" {name}={value}" for name, value in getattr(record, "told", {}).items())
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return discreet(super().formatException(ei))


class Object(MsgspecFormatter):
    """One JSON object a line: `time`, `level`, `logger`, `message`, and the fields of what is told."""

    def __init__(self) -> None:
        names = {"asctime": "time", "levelname": "level", "name": "logger", "exc_info": "exception"}
        super().__init__("{asctime}{levelname}{name}{message}", style="{", rename_fields=names)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        told = log_data.pop("told", {})
        return {**log_data, **told}

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return discreet(str(super().formatException(ei)))


class Queryless(logging.Filter):
    """Takes the part behind `?` off the addresses in uvicorn's access log: tokens may stand there."""

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args
        if record.name == "uvicorn.access" and isinstance(arguments, tuple) and len(arguments) > 2:
            record.args = (*arguments[:2], str(arguments[2]).partition("?")[0], *arguments[3:])
        return True


class ClientsFaults(logging.Filter):
    """A text frame that is no UTF-8 is its client's fault, and no traceback: anybody could fill the log with them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "uvicorn.error" and str(record.msg).startswith("Invalid UTF-8"):
            record.levelno, record.levelname, record.exc_info = logging.INFO, "INFO", None
        return True
