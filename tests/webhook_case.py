"""What the tests of webhooks share: an endpoint that staff entered, a server that hears, and two people."""

import asyncio
from typing import ClassVar

from django.utils import timezone

from chat.webhooks.models import Delivery, Endpoint, Kind
from tests.admin_session import AdminSession
from tests.case import SocketTest
from tests.client import PATIENCE, a_moment
from tests.receiver import Hook, Receiver


class WebhookTest(SocketTest):
    kinds: ClassVar[tuple[str, ...]] = tuple(Kind.values)

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.world.shop("dev17", 17, {})
        self.receiver = self.enterContext(Receiver())
        self.staff = await AdminSession.begin(self.deployment.next_server(), self.deployment.alias)
        self.endpoint = await self.register(self.receiver.url)
        self.one, self.two = await self.signed_in("User1"), await self.signed_in("User2")

    async def register(self, url: str) -> Endpoint:
        """Enter an endpoint in the admin, as staff do."""
        page = "/admin/chat/endpoint/add/"
        await self.staff.submit(page, app=self.world.app.pk, url=url, kinds=self.kinds, enabled="on", _save="Save")
        return self.stored(url)

    def stored(self, url: str = "") -> Endpoint:
        endpoints = Endpoint.objects.using(self.deployment.alias).filter(app=self.world.app)
        return endpoints.get(url=url or self.receiver.url)

    def deliveries(self) -> list[Delivery]:
        rows = Delivery.objects.using(self.deployment.alias).filter(endpoint=self.endpoint.pk)
        return list(rows.order_by("id"))

    def hurry(self) -> None:
        """What waits for its next attempt, or was in the hands of a process that is gone, is due now."""
        Delivery.objects.using(self.deployment.alias).filter(endpoint=self.endpoint.pk).update(due_at=timezone.now())
        Endpoint.objects.using(self.deployment.alias).filter(pk=self.endpoint.pk).update(paused_until=None)

    async def heard(self, count: int) -> list[Hook]:
        return await asyncio.to_thread(self.receiver.wait, count)

    async def failed(self, count: int) -> None:
        """Wait until the first delivery has failed so often."""
        async with asyncio.timeout(PATIENCE):
            while not (found := self.deliveries()) or found[0].attempts < count:
                await a_moment()

    async def until(self, *states: int) -> list[Delivery]:
        """Wait until the deliveries of this endpoint stand like this."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = self.deliveries()
                if [delivery.state for delivery in found] == list(states):
                    return found
                await a_moment()
