"""What is left of an upload that breaks off: when its account may not be used any more, or its process ends."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.utils import timezone

from accounts import lifecycle
from accounts.refusals import Reason, Refusal
from chat import personal_data
from chat.models import Upload
from chat.uploads.asking import Asker
from chat.uploads.keeping import keep, storage
from chat.uploads.sweeping import sweep


class Meanwhile(SimpleUploadedFile):
    """A file; while it is being stored, something happens."""

    def __init__(self, happens: Callable[[], Any]) -> None:
        super().__init__("list.txt", b"hello")
        self._happens = happens

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from super().chunks(chunk_size)
        self._happens()


def stored() -> set[Path]:
    return {path for path in (Path(settings.MEDIA_ROOT) / "file").rglob("*") if path.is_file()}


class AnUpload(TestCase):
    def setUp(self) -> None:
        self.app = lifecycle.create_app(appid="shop", name="shop")
        self.account = lifecycle.create_account(app=self.app, name="a", password="123456")
        self.before = stored()

    def keep(self, happens: Callable[[], Any], asker: Asker | None = None, *, of_app: bool = False) -> None:
        account = None if of_app else self.account
        keep(app=self.app, account=account, kind=Upload.Kind.FILE, file=Meanwhile(happens), asker=asker)

    def assert_refused(self, reason: Reason, happens: Callable[[], Any], asker: Asker | None = None) -> None:
        """It is, and nothing is left of it."""
        with self.assertRaises(Refusal) as refused:
            self.keep(happens, asker)
        self.assertEqual(refused.exception.reason, reason)
        self.assertEqual(stored() - self.before, set())
        self.assertFalse(Upload.objects.exists())

    def test_leaves_nothing_if_its_account_is_disabled_meanwhile(self) -> None:
        self.assert_refused(Reason.ACCOUNT_DISABLED, lambda: lifecycle.set_enabled(self.account, False))

    def test_leaves_nothing_if_its_app_is_disabled_meanwhile(self) -> None:
        self.assert_refused(Reason.ACCOUNT_DISABLED, lambda: lifecycle.set_app_enabled(self.app, False))

    def test_leaves_nothing_if_its_account_is_erased_meanwhile(self) -> None:
        self.assert_refused(Reason.ACCOUNT_DISABLED, lambda: list(personal_data.erase(self.account)))

    def test_leaves_nothing_if_whoever_sends_it_goes_away(self) -> None:
        asker = Asker()
        self.assert_refused(Reason.SERVER_BUSY, asker.leave, asker)

    def test_leaves_nothing_if_the_disk_is_full(self) -> None:
        def full() -> None:
            raise OSError(28, "No space left on device")

        with self.assertLogs("chat.uploads.keeping", "ERROR"):
            self.assert_refused(Reason.STORAGE_UNAVAILABLE, full)

    def test_is_found_again_where_its_process_ends_in_between(self) -> None:
        rows: list[Upload] = []
        for of_app in (False, True):
            with self.subTest(of_app=of_app):
                self.keep(lambda: rows.extend(Upload.objects.all()), of_app=of_app)
                row = rows.pop()
                self.assertEqual([storage().exists(name) for name in row.files], [True])
                row.created_at = timezone.now() - timedelta(hours=25)
                row.save()
                self.assertEqual(sweep(timedelta(hours=24)), 1)
                self.assertEqual((stored() - self.before, Upload.objects.count()), (set(), 0))

    def test_of_an_app_stays_once_it_is_whole(self) -> None:
        self.keep(lambda: None, of_app=True)
        Upload.objects.update(created_at=timezone.now() - timedelta(hours=25))
        self.assertEqual(sweep(timedelta(hours=24)), 0)
        (row,) = Upload.objects.all()
        self.assertEqual(storage().open(row.files[0]).read(), b"hello")
        storage().delete(row.files[0])
