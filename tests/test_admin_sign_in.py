"""Signing in to the admin: how many passwords may be tried, in every process, and what is noted of it."""

import uuid
from typing import ClassVar

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.utils.translation import override

from tests import deployments
from tests.admin_case import told
from tests.admin_session import PASSWORD, AdminSession
from tests.case import OwnServerTest, SocketTest
from tests.deployments import Deployment, missing_for_grown_up

IN, WRONG, TOO_MANY = "/admin/logout/", "Please enter the correct username and password", "Try again in 5 minutes."


def superuser(alias: str) -> str:
    """Somebody new, by their name."""
    name = f"staff-{uuid.uuid4().hex}"
    get_user_model().objects.db_manager(alias).create_superuser(name, password=PASSWORD)
    return name


class WrongPasswordsOfStaff(OwnServerTest):
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_WRONG_PASSWORDS": "2"}

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.name = superuser(self.deployment.alias)

    async def heard(self, *passwords: str, name: str = "") -> list[str]:
        """What one is told who tries these passwords, each in a browser of its own."""
        server = self.deployment.servers[0]
        pages = [await AdminSession(server).knock(name or self.name, password) for password in passwords]
        return [" ".join(answer for answer in (IN, WRONG, TOO_MANY) if answer in page) for page in pages]

    def noted(self) -> list[str]:
        log = LogEntry.objects.using(self.deployment.alias).filter(user__username=self.name)
        with override("en"):
            return told(log.order_by("pk"))

    async def test_are_refused_and_then_the_right_one_too(self) -> None:
        self.assertEqual(await self.heard("1", "2", "3", PASSWORD), [WRONG, WRONG, TOO_MANY, TOO_MANY])

    async def test_of_one_name_keep_nobody_else_out(self) -> None:
        await self.heard("1", "2", "3")
        self.assertEqual(await self.heard(PASSWORD, name=superuser(self.deployment.alias)), [IN])

    async def test_are_counted_for_names_that_nobody_has_alike(self) -> None:
        self.assertEqual(await self.heard("1", "2", "3", name=uuid.uuid4().hex), [WRONG, WRONG, TOO_MANY])

    async def test_keep_nobody_out_who_was_right_there_lately(self) -> None:
        self.assertEqual(await self.heard(PASSWORD, "1", "2", "3", PASSWORD), [IN, WRONG, WRONG, TOO_MANY, IN])

    async def test_are_noted_once_each_and_so_is_signing_in(self) -> None:
        await self.heard(PASSWORD, "1", "1", "2", "3")
        refused = "Somebody at 127.0.0.1 tried to sign in as this user, and was refused."
        self.assertEqual(self.noted(), ["Signed in from 127.0.0.1.", refused, refused])

    async def test_are_told_of_in_chinese(self) -> None:
        await self.heard("1", "2")
        page = await AdminSession(self.deployment.servers[0], language="zh-CN").knock(self.name, "3")
        self.assertIn("登录尝试次数过多，请 5 分钟后再试。", page)


class StaffOfTwoProcesses(SocketTest):
    deployments: ClassVar = ("uvicorn",)
    MOST = 5

    async def asyncSetUp(self) -> None:
        if missing_for_grown_up():
            self.skipTest(f"{missing_for_grown_up()} is not installed")
        self._own = deployments.joined(CHAT_LIMITS="1", CHAT_WRONG_PASSWORDS=str(self.MOST))
        self.addCleanup(self._own.stop)
        await super().asyncSetUp()
        self.name = superuser(self._own.alias)

    @property
    def deployment(self) -> Deployment:
        return self._own

    async def until_refused(self, process: int) -> int:
        """How many wrong passwords are compared before the first that is too many."""
        for tried in range(2 * self.MOST):
            page = await AdminSession(self._own.servers[process]).knock(self.name, f"{process} {tried}")
            if WRONG not in page:
                self.assertIn("Too many attempts to sign in.", page)
                return tried
        raise AssertionError("nothing was refused")

    async def test_try_passwords_together(self) -> None:
        self.assertEqual(await self.until_refused(0), self.MOST)
        self.assertLessEqual(await self.until_refused(1), 1)
