"""Removing what was uploaded and never sent."""

from datetime import timedelta

from django.utils import timezone

from chat.models import Upload
from chat.uploads.keeping import remove

AT_ONCE = 200


def sweep(older_than: timedelta) -> int:
    """Remove uploads that no message has named for that long; returns how many. May run anywhere, at any time."""
    before = timezone.now() - older_than
    count = 0
    while unused := list(Upload.objects.filter(used=False, created_at__lt=before).order_by("created_at")[:AT_ONCE]):
        for upload in unused:
            # The row goes first, and only if no message has named it since: a file without a row harms nobody.
            gone, _ = Upload.objects.filter(pk=upload.pk, used=False).delete()
            if gone:
                remove(upload.files)
                count += 1
    return count
