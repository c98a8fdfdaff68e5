"""Python runs this at the start of a server whose clock a campaign sets: wall clocks show what a file adds to them."""

import os
import time
from datetime import datetime
from pathlib import Path

_real_time = time.time


def _offset() -> float:
    try:
        return float((Path(os.environ["VAR_DIR"]) / os.environ["FAULTS_CLOCK"]).read_text())
    except (FileNotFoundError, KeyError, ValueError):
        return 0.0


def _shifted() -> float:
    return _real_time() + _offset()


if os.environ.get("FAULTS_CLOCK"):
    time.time = _shifted
    import django.utils.timezone

    class _Datetime(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(_shifted(), tz)  # type: ignore[arg-type]

    django.utils.timezone.datetime = _Datetime  # type: ignore[attr-defined]
