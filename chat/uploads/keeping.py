"""Taking uploads into the storage."""

import secrets
import tempfile
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.models import Account, App
from chat.models import Upload
from chat.uploads import containers, names
from chat.uploads.covers import cover_of
from chat.uploads.naming import BEGINNING, PLACE
from chat.uploads.pictures import picture
from chat.uploads.refused import UploadRefused, Why


@dataclass
class Kept:
    """An upload as its sender is told of it; addresses are relative to the server's root."""

    url: str
    size: int
    more: dict[str, Any] = field(default_factory=dict)


def storage() -> Storage:
    """Where uploads lie."""
    return storages["uploads"]


def keep(*, app: App, account: Account | None, kind: Upload.Kind, file: "UploadedFile[Any]") -> Kept:
    """Take the file in, for an account or for the app's own server. Raises `UploadRefused`."""
    size = file.size or 0
    limit = settings.UPLOAD_BYTES[kind.value]
    if not size:
        raise UploadRefused(Why.EMPTY)
    if limit and size > limit:
        raise UploadRefused(Why.TOO_LARGE)
    head = file.read(containers.HEAD)
    file.seek(0)
    with _Place(kind) as place:
        kept = KEEP[kind](place, file, head)
        Upload.objects.create(
            app=app,
            account=account,
            kind=kind,
            token=place.token,
            files=place.files,
            size=kept.size,
            name=kept.more.get("name", ""),
        )
    return kept


class _Place:
    """Names of one upload's files: random, sorted by date. What was stored is removed again if anything fails."""

    def __init__(self, kind: Upload.Kind) -> None:
        self.token = secrets.token_hex(16)
        self.files: list[str] = []
        self._folder = f"{kind.value}/{timezone.now():%Y/%m/%d}"

    def __enter__(self) -> "_Place":
        return self

    def __exit__(self, failed: type[BaseException] | None, *rest: object) -> None:
        if failed is not None:
            remove(self.files)

    def store(self, content: "File[Any]", ending: str) -> str:
        """The address under which the content is kept; `ending` is what follows the random part of its name."""
        name = storage().save(f"{self._folder}/{BEGINNING}{self.token}{ending}", content)
        self.files.append(name)
        return f"/{PLACE}/{name}"


def _image(place: _Place, file: "UploadedFile[Any]", head: bytes) -> Kept:
    made = picture(file)
    url = place.store(ContentFile(made.data), f".{made.ending}")
    preview = place.store(ContentFile(made.preview), "-preview.jpg")
    return Kept(url, len(made.data), {"preview": preview, "width": made.width, "height": made.height})


def _audio(place: _Place, file: "UploadedFile[Any]", head: bytes) -> Kept:
    form = containers.form(Upload.Kind.AUDIO, head)
    if form is None:
        raise UploadRefused(Why.NOT_OF_KIND)
    return Kept(place.store(file, f".{form.ending}"), file.size or 0)


def _video(place: _Place, file: "UploadedFile[Any]", head: bytes) -> Kept:
    form, container = containers.form(Upload.Kind.VIDEO, head), containers.container(head)
    if form is None or container is None:
        raise UploadRefused(Why.NOT_OF_KIND)
    with _on_disk(file) as path:
        data, width, height = cover_of(path, container)
    cover = place.store(ContentFile(data), "-cover.jpg")
    file.seek(0)
    url = place.store(file, f".{form.ending}")
    return Kept(url, file.size or 0, {"cover": cover, "width": width, "height": height})


def _file(place: _Place, file: "UploadedFile[Any]", head: bytes) -> Kept:
    ending = containers.document(head)
    if ending is None:
        raise UploadRefused(Why.NOT_OF_KIND)
    url = place.store(file, f".{ending}")
    return Kept(url, file.size or 0, {"name": names.safe(file.name or "", ending)})


KEEP = {
    Upload.Kind.IMAGE: _image,
    Upload.Kind.AUDIO: _audio,
    Upload.Kind.VIDEO: _video,
    Upload.Kind.FILE: _file,
}


@contextmanager
def _on_disk(file: "UploadedFile[Any]") -> Any:
    """The path of the file's content, which small files have only for this while."""
    if hasattr(file, "temporary_file_path"):
        yield file.temporary_file_path()
        return
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield copy.name


def remove(files: Iterable[str]) -> None:
    """Take files out of the storage; those that are gone already are passed over."""
    for name in files:
        storage().delete(name)
