"""What the server remembers of one socket."""

import time
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings

from accounts.directory import AccountRef
from accounts.models import Source
from accounts.refusals import Reason, Refusal
from chat import peers, presence, viewing
from chat.database.reading import read
from chat.delivery import account_group, app_group
from chat.doors.crowd import PATIENCE, Crowd
from chat.layers.local import LocalChannelLayer

REMEMBERED_PEERS = 200
TYPING_LAPSES = 6.0
"""Seconds after which clients forget that somebody types."""
TYPING_HOLDS = TYPING_LAPSES / 2
"""Seconds during which who was told of it is not told again."""


class Standing(NamedTuple):
    """As whom a socket is signed in, and what it asked for since."""

    account: AccountRef
    source: Source
    epoch: int
    viewed: AccountRef | None
    wants: frozenset[str]


class Session:
    """Who is signed in on a socket, and in which room it is."""

    __slots__ = (
        "_account",
        "_crowd",
        "_layer",
        "_peers",
        "_typing",
        "_viewed",
        "address",
        "channel",
        "epoch",
        "since",
        "source",
        "wants",
    )

    def __init__(self, layer: LocalChannelLayer, crowd: Crowd, channel: str, address: str) -> None:
        """`channel` is the socket's own in the layer; `address` is the client's network, for limits."""
        self._layer = layer
        self._crowd = crowd
        self._viewed: AccountRef | None = None
        self._peers: dict[str, AccountRef] = {}
        self._account: AccountRef | None = None
        self.channel = channel
        self.address = address
        self.source: Source | None = None
        self.since = 0.0
        """When it signed in, in seconds since 1970."""
        self.epoch = 0
        """The account's token epoch as it signed in: another one now means that it was signed out since."""
        self.wants: frozenset[str] = frozenset()
        """The notices that the socket subscribed to."""
        self._typing: tuple[int, float] | None = None

    @property
    def signed_in(self) -> bool:
        return self._account is not None

    @property
    def account(self) -> AccountRef:
        """The account that is signed in; `Refusal` with `login_required` if none is."""
        if self._account is None:
            raise Refusal(Reason.LOGIN_REQUIRED)
        return self._account

    @property
    def viewed(self) -> AccountRef | None:
        """Whom the socket is in a room with."""
        return self._viewed

    async def sign_in(self, account: AccountRef, source: Source, epoch: int) -> None:
        """Act for this account from now on, in place of the one before.

        `Refusal`: `too_many_devices` if the account has as many sockets in this process as it may have.
        """
        most = settings.CHAT_SOCKETS_PER_ACCOUNT
        if most and account != self._account and self._layer.size(account_group(account.id)) >= most:
            raise Refusal(Reason.TOO_MANY_DEVICES, retry_after=PATIENCE)
        await self.sign_out()
        self._crowd.know(self.channel)
        self._account, self.source, self.epoch = account, source, epoch
        self.since = time.time()
        presence.current().connected(account, source)
        await self._layer.group_add(account_group(account.id), self.channel)
        await self._layer.group_add(app_group(account.app_id), self.channel)

    def standing(self) -> Standing | None:
        """How the socket stands, to go back to; None if nobody is signed in."""
        if self._account is None or self.source is None:
            return None
        return Standing(self._account, self.source, self.epoch, self._viewed, self.wants)

    async def go_back(self, former: Standing | None) -> None:
        """Be signed in as before, or not at all."""
        if former is None:
            await self.sign_out()
            return
        await self.sign_in(former.account, former.source, former.epoch)
        self.subscribe(former.wants)
        if former.viewed is not None:
            self.enter(former.viewed)

    def asks_to_sign_in(self) -> None:
        """Somebody is there who means to sign in."""
        self._crowd.heard_from(self.channel)

    async def sign_out(self) -> None:
        """Act for nobody and hear nothing any more."""
        account, source = self._account, self.source
        if account is None or source is None:
            return
        self.leave()
        self._account, self.source, self.wants, self._typing = None, None, frozenset(), None
        self._peers.clear()
        presence.current().disconnected(account, source, self.channel)
        await self._layer.group_discard(account_group(account.id), self.channel)
        await self._layer.group_discard(app_group(account.app_id), self.channel)

    def enter(self, peer: AccountRef) -> None:
        """Be in the room with `peer`, and in no other."""
        self.leave()
        self._viewed = peer
        viewing.enter(self.account.id, peer.id)

    def leave(self) -> None:
        """Be in no room."""
        if self._viewed is not None:
            viewing.leave(self.account.id, self._viewed.id)
            self._viewed = None

    def subscribe(self, wanted: Iterable[str]) -> None:
        """Hear these notices from now on, in place of those before."""
        self.wants = frozenset(wanted)
        if "online" not in self.wants:
            presence.current().unwatch(self.channel)

    def typed(self, peer: AccountRef, typing: bool) -> bool:
        """Note what the socket says of its typing; whether `peer` knows that already."""
        before, now = self._typing, time.monotonic()
        since = now - before[1] if before is not None and before[0] == peer.id else float("inf")
        if not typing:
            self._typing = None
            return since >= TYPING_LAPSES
        if since < TYPING_HOLDS:
            return True
        self._typing = peer.id, now
        return False

    def known_peer(self, name: str) -> AccountRef | None:
        """Who was asked for by that name before."""
        return self._peers.get(name)

    def forget(self, name: str) -> None:
        """Look for that name anew when it is asked for again."""
        self._peers.pop(name, None)

    async def peer(self, name: str) -> AccountRef:
        """Whoever of that name may be talked with. `Refusal`: `unknown_account`, or `own_account`."""
        if name == self.account.name:
            raise Refusal(Reason.OWN_ACCOUNT)
        known = self._peers.get(name)
        if known is None:
            known = await read(peers.reach, self.account, name)
            if len(self._peers) >= REMEMBERED_PEERS:
                self._peers.pop(next(iter(self._peers)))
            self._peers[name] = known
        return known
