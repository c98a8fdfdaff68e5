"""Who is online in this process, and who waits to hear of it.

Signing in and hanging up only note what happened; one task writes it on the board and tells those who watch. What goes
from process to process is that something may have changed: whoever watches the account then asks the board, so that
notices can be late or lost and are never wrong for longer than until the next `RENEWALS`.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.utils import timezone

from accounts.directory import AccountRef
from accounts.models import Source
from chat import blocks, last_seen, writer
from chat.database.reading import read
from chat.delivery import layer, tell
from chat.drafts import Change
from chat.events import PresenceChanged
from chat.last_seen import Seen
from chat.presence.boards import Board, LocalBoard
from chat.presence.redis import RedisBoard

logger = logging.getLogger(__name__)

GROUP = "presence"
RENEWALS = 3
"""How often within a lease it is renewed."""
WATCHED = 1000
"""Accounts that one socket may watch; the one it asked about longest ago makes room."""
SEEN_LATE = 1.0
"""Seconds for which times are gathered before they are written."""
SEEN_AT_ONCE = 50
"""Accounts whose times are written in one go: after a storm of sign-ins a message waits for no more than these."""


@dataclass(slots=True)
class Watch:
    """What the watcher on a socket was told of an account last."""

    watcher: AccountRef
    account: AccountRef
    online: bool


class Presence:
    """The sockets of this process as far as they make somebody online. All methods are called on the event loop."""

    def __init__(self, board: Board, *, grace: float, renewal: float) -> None:
        """An account is offline `grace` seconds after its last socket hung up; the board is renewed each `renewal`."""
        self._board, self._grace, self._renewal = board, grace, renewal
        self._sockets: Counter[int] = Counter()
        self._sources: dict[int, Source] = {}
        self._by_source: Counter[int] = Counter()
        self._leaving: dict[int, asyncio.TimerHandle] = {}
        self._arrived: set[int] = set()
        self._left: set[int] = set()
        self._watches: dict[int, dict[str, Watch]] = {}
        self._watched: dict[str, dict[int, None]] = {}
        self._doubtful: set[int] = set()
        self._seen: dict[int, Seen] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def accounts(self) -> int:
        """Accounts that are online in this process."""
        return len(self._sockets)

    @property
    def certain(self) -> bool:
        """Whether who is online in other processes is known."""
        return self._board.reachable

    def connected(self, account: AccountRef, source: Source) -> None:
        """A socket signed in."""
        self._sources[account.id] = source
        self._by_source[source.value] += 1
        self._sockets[account.id] += 1
        if self._sockets[account.id] > 1:
            return
        leaving = self._leaving.pop(account.id, None)
        if leaving is not None:
            leaving.cancel()
        else:
            self._left.discard(account.id)
            self._arrived.add(account.id)
            self._go_on()

    def disconnected(self, account: AccountRef, source: Source, channel: str) -> None:
        """The socket with this channel hung up or signed out."""
        self._by_source[source.value] -= 1
        self.unwatch(channel)
        self._sockets[account.id] -= 1
        if self._sockets[account.id] <= 0:
            del self._sockets[account.id]
            loop = asyncio.get_running_loop()
            self._leaving[account.id] = loop.call_later(self._grace, self._gone, account.id)

    async def online(self, accounts: Sequence[int]) -> set[int]:
        """Those of these accounts that are online, in whichever process."""
        here = {account for account in accounts if account in self._sockets or account in self._leaving}
        elsewhere = [account for account in accounts if account not in here]
        return here | await self._board.online(elsewhere) if elsewhere else here

    async def sockets_by_source(self) -> dict[Source, int]:
        """How many sockets are signed in from each source, in all processes; others are heard of within a lease."""
        number = self._by_source + await self._board.sockets_elsewhere()
        return {source: number[source.value] for source in Source}

    async def watch(self, channel: str, watcher: AccountRef, accounts: Iterable[AccountRef]) -> set[int]:
        """As `online`; and the watcher's socket hears from now on when that changes for any of them."""
        asked = {account.id: account for account in accounts}
        online = await self.online(list(asked))
        watched = self._watched.setdefault(channel, {})
        for account in asked.values():
            watched.pop(account.id, None)
            watched[account.id] = None
            watch = Watch(watcher, account, account.id in online)
            self._watches.setdefault(account.id, {})[channel] = watch
        for account_id in list(watched)[:-WATCHED]:
            del watched[account_id]
            self._forget(account_id, channel)
        # What changed while the board was asked.
        self._doubtful.update(asked)
        self._go_on()
        return online

    def unwatch(self, channel: str) -> None:
        """The socket does not want to hear of anybody any more."""
        for account_id in self._watched.pop(channel, ()):
            self._forget(account_id, channel)

    def _forget(self, account_id: int, channel: str) -> None:
        watches = self._watches[account_id]
        del watches[channel]
        if not watches:
            del self._watches[account_id]

    def _gone(self, account_id: int) -> None:
        del self._leaving[account_id]
        self._arrived.discard(account_id)
        self._left.add(account_id)
        self._go_on()

    def _go_on(self) -> None:
        self._wake.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        channels, loop = layer(), asyncio.get_running_loop()
        channel = await channels.new_channel()
        channels.listen(channel, self._heard)
        await channels.group_add(GROUP, channel)
        renew_at = loop.time()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(renew_at):
                    await self._wake.wait()
            self._wake.clear()
            try:
                if loop.time() >= renew_at:
                    renew_at = loop.time() + self._renewal
                    await self._renew()
                await self._settle()
            except Exception:
                logger.exception("who is online was not told")

    def _heard(self, message: dict[str, Any]) -> None:
        """Some process has written something on the board."""
        doubtful = self._watches.keys() & message["changed"]
        if doubtful:
            self._doubtful |= doubtful
            self._go_on()

    async def _renew(self) -> None:
        """Renew the lease, take off the board what has lapsed, and compare whatever is watched."""
        lapsed = await self._board.renew(self._by_source)
        if lapsed:
            self._announce(lapsed, online=False, since=timezone.now() - timedelta(seconds=self._renewal * RENEWALS))
        self._doubtful.update(self._watches)

    async def _settle(self) -> None:
        """Write on the board who came and went, and tell those who watch what they don't know yet."""
        arrived, self._arrived = self._arrived, set()
        left, self._left = self._left, set()
        if left and (gone := await self._board.leave(list(left))):
            self._announce(gone, online=False, since=timezone.now())
        for account in left - self._sockets.keys() - self._leaving.keys():
            del self._sources[account]
        if arrived and (came := await self._board.arrive(list(arrived))):
            self._announce(came, online=True, since=timezone.now())
        doubtful, self._doubtful = self._doubtful, set()
        if doubtful:
            await self._compare(doubtful)

    def _announce(self, changed: set[int], *, online: bool, since: datetime) -> None:
        layer().publish(GROUP, {"type": "presence", "changed": sorted(changed)})
        if not self._seen:
            asyncio.get_running_loop().call_later(SEEN_LATE, self._write_seen)
        self._seen.update({account: Seen(online, since, self._sources.get(account)) for account in changed})

    def _write_seen(self, written: object = None) -> None:
        """Write some of the times, and the next ones once these are `written`."""
        some = {account: self._seen.pop(account) for account in list(islice(self._seen, SEEN_AT_ONCE))}
        if some:
            writer.current().submit(Change(last_seen.TOGETHER, partial(last_seen.record, some)), self._write_seen)

    async def _compare(self, doubtful: Iterable[int]) -> None:
        accounts = [account_id for account_id in doubtful if account_id in self._watches]
        online = await self.online(accounts)
        changed = {
            account_id
            for account_id in accounts
            if (now := account_id in online) or self._board.reachable
            if any(watch.online != now for watch in self._watches.get(account_id, {}).values())
        }
        if not changed:
            return
        blocked = await read(blocks.by, changed)
        for account_id in changed:
            now = account_id in online
            for channel, watch in list(self._watches.get(account_id, {}).items()):
                if watch.online != now and (account_id, watch.watcher.id) not in blocked:
                    watch.online = now
                    await tell(channel, PresenceChanged(watch.watcher, watch.account, now))


_presences: WeakKeyDictionary[asyncio.AbstractEventLoop, Presence] = WeakKeyDictionary()


def current() -> Presence:
    """The presence of the running event loop."""
    loop = asyncio.get_running_loop()
    presence = _presences.get(loop)
    if presence is None:
        lease = settings.LEASE_SECONDS
        board: Board = RedisBoard(settings.REDIS_URL, lease) if settings.REDIS_URL else LocalBoard()
        presence = Presence(board, grace=settings.CHAT_OFFLINE_SECONDS, renewal=lease / RENEWALS)
        _presences[loop] = presence
    return presence


async def sockets_by_source() -> dict[Source, int]:
    """`Presence.sockets_by_source` of the running event loop."""
    return await current().sockets_by_source()


def online_here() -> int:
    """Accounts that are online in this process."""
    return sum(presence.accounts for presence in list(_presences.values()))
