"""`login`."""

from msgspec import UNSET

from accounts import guesses, sign_in
from accounts.models import Source
from accounts.passwords import PasswordCheck
from accounts.refusals import Reason, Refusal
from accounts.sign_in import Candidate
from chat import guests
from chat.database.reading import read
from chat.doors import limits, turnstile
from chat.protocol.frames import SignedIn
from chat.protocol.requests import Login, LoginData
from chat.session import Session

passwords = PasswordCheck()


async def login(session: Session, query: Login) -> SignedIn:
    """Sign the socket in, with a token or with account and password. If that fails it stays signed in as it was."""
    limits.sign_ins.take(session.address)
    session.asks_to_sign_in()
    await turnstile.current().turn()
    found = await proved(session.address, query.appid, query.data)
    former = session.standing()
    await session.sign_in(found.account, found.source or Source(query.data.source), found.token_epoch)
    try:
        # Rights that were withdrawn before the socket could hear of it.
        await read(sign_in.confirm, found)
        if found.account.name.startswith(guests.PREFIX):
            await read(guests.admit, found.account.id)
    except Refusal:
        await session.go_back(former)
        raise
    return SignedIn()


async def proved(address: str, appid: str, data: LoginData) -> Candidate:
    """The account that somebody at `address` proves to be, if it may be used now. Raises `Refusal`."""
    if data.token is not UNSET:
        account = await read(sign_in.of_token, data.token)
    else:
        account = await _by_password(address, appid, data)
    sign_in.admit(account)
    return account


async def _by_password(address: str, appid: str, data: LoginData) -> Candidate:
    if data.account is UNSET or data.password is UNSET:
        raise Refusal(Reason.INVALID_FIELD, field="data.account" if data.account is UNSET else "data.password")
    who = guesses.key(appid=appid, name=data.account, address=address)
    limits.guesses.check(who, data.password)
    account = await read(sign_in.candidate, appid=appid, name=data.account)
    right = await passwords.matches(data.password, account.password if account else None)
    limits.guesses.settle(who, data.password, right)
    if account is None or not right:
        raise Refusal(Reason.LOGIN_FAILED)
    return account
