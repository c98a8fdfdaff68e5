"""`subscribe`, `typing` and `online`: what is told at once or never, and only to those who ask for it."""

from typing import get_args

from accounts.models import Account
from accounts.refusals import Reason, Refusal
from chat import blocks, last_seen, presence
from chat.database.reading import read
from chat.doors import limits
from chat.events import Typed
from chat.protocol.requests import Online, Subscribe, Typing
from chat.protocol.subscribed import Event, OnlineList, Presence, Subscribed, SubscribedData
from chat.protocol.times import shown
from chat.session import Session

EVENTS: tuple[Event, ...] = get_args(Event)


async def subscribe(session: Session, query: Subscribe) -> Subscribed:
    """From now on the socket hears these, in place of those before."""
    wanted = [event for event in EVENTS if event in query.data.events]
    session.subscribe(wanted)
    return Subscribed(data=SubscribedData(wanted))


async def typing(session: Session, query: Typing) -> Typed:
    """The peer's sockets that subscribed are told, unless they were a moment ago, or one has blocked the other."""
    peer = await session.peer(query.data.account)
    if peer.kind == Account.Kind.NOTIFICATION:
        raise Refusal(Reason.NOTIFICATION_ACCOUNT)
    limits.hints.take(session.account.id)
    begins = query.data.typing == 1
    told = session.typed(peer, begins) or await read(blocks.apart, session.account.id, peer.id)
    return Typed(session.account, peer, begins, told)


async def online(session: Session, query: Online) -> OnlineList:
    """Who is online; and if the socket subscribed to it, it hears from now on when that changes."""
    me = session.account
    limits.hints.take(me.id)
    names = list(dict.fromkeys(query.data.accounts))
    known = await read(last_seen.shown_to, me, names)
    accounts = [acquaintance.account for acquaintance in known]
    here = presence.current()
    if "online" in session.wants:
        online = await here.watch(session.channel, me, accounts)
    else:
        online = await here.online([account.id for account in accounts])
    return OnlineList(
        data=[
            Presence(account.name, 1, "")
            if account.id in online
            else Presence(account.name, 0, shown(at) if at else "")
            for account, at in known
        ]
    )
