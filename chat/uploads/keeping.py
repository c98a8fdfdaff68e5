"""Taking uploads into the storage."""

import logging
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Account, App
from accounts.refusals import Reason, Refusal
from chat.models import Upload
from chat.uploads import containers, names
from chat.uploads.asking import Asker
from chat.uploads.covers import cover_of
from chat.uploads.naming import BEGINNING, PLACE
from chat.uploads.pictures import picture
from chat.uploads.refused import UploadRefused, Why

logger = logging.getLogger(__name__)

CONDEMNED = -1_000_000_000
"""So many uses that none can make up for them."""


@dataclass
class Kept:
    """An upload as its sender is told of it; addresses are relative to the server's root."""

    url: str
    size: int
    more: dict[str, Any] = field(default_factory=dict)


def storage() -> Storage:
    """Where uploads lie."""
    return storages["uploads"]


def keep(
    *, app: App, account: Account | None, kind: Upload.Kind, file: "UploadedFile[Any]", asker: Asker | None = None
) -> Kept:
    """Take the file in, for an account or for the app's own server. Raises `UploadRefused`, or `Refusal`."""
    size = file.size or 0
    limit = settings.UPLOAD_BYTES[kind.value]
    if not size:
        raise UploadRefused(Why.EMPTY)
    if limit and size > limit:
        raise UploadRefused(Why.TOO_LARGE)
    head = file.read(containers.HEAD)
    file.seek(0)
    with _Place(app, account, kind, asker or Asker()) as place:
        kept = KEEP[kind](place, file, head)
        place.fill(kept)
    return kept


class _Place:
    """One upload's files, under names that are random and sorted by date, and the row by which they are found.

    The row comes first and is condemned until all of it is there: what a process leaves that ends meanwhile is swept.
    What was stored is removed again if anything fails, if whoever asks goes away, and if the account may not be used
    any more.
    """

    def __init__(self, app: App, account: Account | None, kind: Upload.Kind, asker: Asker) -> None:
        self.asker = asker
        self._row = Upload(app=app, account=account, kind=kind, token=secrets.token_hex(16), size=0, uses=CONDEMNED)
        self._folder = f"{kind.value}/{timezone.now():%Y/%m/%d}"

    def __enter__(self) -> "_Place":
        return self

    def __exit__(self, failed: type[BaseException] | None, *rest: object) -> None:
        if failed is not None:
            remove(self._row.files)
            Upload.objects.filter(pk=self._row.pk).delete()

    def store(self, *parts: "tuple[File[Any], str]") -> list[str]:
        """The addresses under which contents are kept; the endings are what follows the random part of their names."""
        self.asker.stay()
        beginning = f"{self._folder}/{BEGINNING}{self._row.token}"
        self._row.files = [storage().generate_filename(f"{beginning}{ending}") for _, ending in parts]
        self._row.save()
        try:
            for name, (content, _) in zip(self._row.files, parts, strict=True):
                storage().save(name, content)
        except Exception as error:
            if not Upload.objects.filter(pk=self._row.pk).exists():
                # The account was erased, and with it the file that was being written.
                raise Refusal(Reason.ACCOUNT_DISABLED) from error
            logger.exception("an upload can't be stored")
            raise Refusal(Reason.STORAGE_UNAVAILABLE, retry_after=10) from error
        return [f"/{PLACE}/{name}" for name in self._row.files]

    def fill(self, kept: Kept) -> None:
        """All is stored: from now on messages may name it."""
        self.asker.stay()
        rows = Upload.objects.filter(pk=self._row.pk)
        account = self._row.account
        with transaction.atomic():
            # Whoever disables or erases the account waits for this and finds the row, or has been there before.
            usable = account is None or _usable(account)
            if not (usable and rows.update(uses=0, size=kept.size, name=kept.more.get("name", ""))):
                raise Refusal(Reason.ACCOUNT_DISABLED)


def _usable(account: Account) -> bool:
    ours = Account.objects.select_for_update(no_key=True, of=("self",)).filter(pk=account.pk)
    return ours.filter(enabled=True, app__enabled=True).exists()


def _image(place: _Place, file: "UploadedFile[Any]", head: bytes) -> Kept:
    with _on_disk(file) as given, picture(given, place.asker) as made:
        size = os.fstat(made.file.fileno()).st_size
        url, preview = place.store((File(made.file), f".{made.ending}"), (File(made.preview), "-preview.jpg"))
    return Kept(url, size, {"preview": preview, "width": made.width, "height": made.height})


def _audio(place: _Place, file: "UploadedFile[Any]", head: bytes) -> Kept:
    form = containers.form(Upload.Kind.AUDIO, head)
    if form is None:
        raise UploadRefused(Why.NOT_OF_KIND)
    (url,) = place.store((file, f".{form.ending}"))
    return Kept(url, file.size or 0)


def _video(place: _Place, file: "UploadedFile[Any]", head: bytes) -> Kept:
    form, container = containers.form(Upload.Kind.VIDEO, head), containers.container(head)
    if form is None or container is None:
        raise UploadRefused(Why.NOT_OF_KIND)
    size = file.size or 0
    with _on_disk(file) as given, cover_of(given.name, container, place.asker) as (data, width, height):
        url, cover = place.store((file, f".{form.ending}"), (File(data), "-cover.jpg"))
    return Kept(url, size, {"cover": cover, "width": width, "height": height})


def _file(place: _Place, file: "UploadedFile[Any]", head: bytes) -> Kept:
    ending = containers.document(head)
    if ending is None:
        raise UploadRefused(Why.NOT_OF_KIND)
    size = file.size or 0
    (url,) = place.store((file, f".{ending}"))
    return Kept(url, size, {"name": names.safe(file.name or "", ending)})


KEEP = {
    Upload.Kind.IMAGE: _image,
    Upload.Kind.AUDIO: _audio,
    Upload.Kind.VIDEO: _video,
    Upload.Kind.FILE: _file,
}


@contextmanager
def _on_disk(file: "UploadedFile[Any]") -> Iterator[Any]:
    """A file of the system with the content, which small ones have only for this while."""
    if hasattr(file, "temporary_file_path"):
        yield file.file
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield copy


def remove(files: Iterable[str]) -> None:
    """Take files out of the storage; those that are gone already are passed over."""
    for name in files:
        storage().delete(name)
