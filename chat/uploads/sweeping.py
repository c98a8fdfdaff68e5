"""Removing what no message names: what was never sent, and what was taken back."""

import logging
import time
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import Q
from django.utils import timezone

from chat.models import UNUSED, Upload
from chat.uploads.keeping import CONDEMNED, remove

logger = logging.getLogger(__name__)

AT_ONCE = 200
LONGEST_ARRIVAL = 24 * 3600.0
"""Seconds after which nothing can still be arriving."""
UNFINISHED = Q(uses=CONDEMNED, account__isnull=True)
_thread = ThreadPoolExecutor(1, thread_name_prefix="sweeper")


def sweep(older_than: timedelta) -> int:
    """Remove uploads that no message names, of that age; returns how many. May run anywhere, at any time."""
    # What an app's own server uploads is named by whatever it likes, but not while it never came in as a whole.
    return sum(_sweep_old(which, older_than) for which in (UNUSED, UNFINISHED))


def _sweep_old(which: Q, older_than: timedelta) -> int:
    old = Upload.objects.filter(which, created_at__lt=timezone.now() - older_than).order_by("created_at")
    count, stuck = 0, set[int]()
    while unused := list(old.exclude(pk__in=stuck)[:AT_ONCE]):
        left = _remove(unused)
        stuck |= left
        count += len(unused) - len(left)
    return count


def sweep_arriving() -> None:
    """Remove what processes were taking in when they were killed; it has no row yet."""
    long_ago = time.time() - LONGEST_ARRIVAL
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        # Whoever takes it in, or another process that sweeps, may be quicker.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < long_ago:
                path.unlink()


def sweep_soon(tokens: Collection[str]) -> None:
    """Once the running transaction is committed, remove those of these uploads that no message names any more.

    Nobody waits for it; what a process that ends leaves behind is swept later.
    """
    if tokens:
        transaction.on_commit(lambda: _thread.submit(partial(_sweep, tokens)))


def _sweep(tokens: Collection[str]) -> None:
    try:
        _remove(Upload.objects.filter(UNUSED, token__in=tokens))
    except Exception:
        logger.exception("uploads that were taken back are removed later")
    finally:
        close_old_connections()


def _remove(unused: Iterable[Upload]) -> set[int]:
    """Remove these, unless a message has named them since; the ids of those that could not be removed."""
    left = set()
    for upload in unused:
        # Anybody who knows a file's address may read it, and files without a row are not found again: the row goes
        # last. It is condemned before, so that no message that names it now keeps it.
        condemned = Upload.objects.filter(UNUSED | UNFINISHED, pk=upload.pk)
        if not condemned.update(uses=CONDEMNED):
            continue
        try:
            remove(upload.files)
        except Exception:
            logger.exception("an upload is removed later")
            left.add(upload.pk)
        else:
            condemned.delete()
    return left
