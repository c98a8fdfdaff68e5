"""Removing what no message names: what was never sent, and what was taken back."""

import logging
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from django.db import close_old_connections, transaction
from django.utils import timezone

from chat.models import UNUSED, Upload
from chat.uploads.keeping import remove

logger = logging.getLogger(__name__)

AT_ONCE = 200
_thread = ThreadPoolExecutor(1, thread_name_prefix="sweeper")


def sweep(older_than: timedelta) -> int:
    """Remove uploads that no message names, of that age; returns how many. May run anywhere, at any time."""
    before = timezone.now() - older_than
    count = 0
    while unused := list(Upload.objects.filter(UNUSED, created_at__lt=before).order_by("created_at")[:AT_ONCE]):
        count += _remove(unused)
    return count


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


def _remove(unused: Iterable[Upload]) -> int:
    count = 0
    for upload in unused:
        # The row goes first, and only if no message has named it since: a file without a row harms nobody.
        gone, _ = Upload.objects.filter(UNUSED, pk=upload.pk).delete()
        if gone:
            remove(upload.files)
            count += 1
    return count
