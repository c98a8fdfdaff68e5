"""The board in Redis: one set of accounts for each process, with a lease that the process renews.

A process that is killed renews nothing: whichever process first finds its lease lapsed takes its set off the board.
While Redis is out of reach each process knows its own sockets alone; what it has missed is written when Redis is back.
"""

import asyncio
import json
import logging
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from channels_redis.utils import create_pool
from redis.asyncio import Redis
from redis.exceptions import RedisError

from chat.layers.addresses import pool_options

logger = logging.getLogger(__name__)

CHUNK = 1000
"""Accounts of one step: it is over in a few milliseconds, so that nobody waits for Redis."""
PATIENCE = 2.0
"""Seconds after which Redis counts as out of reach."""
FAILURES = (RedisError, OSError, asyncio.TimeoutError)

ANYWHERE = """
local root, own = KEYS[1], KEYS[1] .. 'accounts:' .. ARGV[1]
local living = {}
for _, process in ipairs(redis.call('SMEMBERS', root .. 'processes')) do
    if redis.call('EXISTS', root .. 'lease:' .. process) == 1 then
        table.insert(living, root .. 'accounts:' .. process)
    end
end
local function anywhere(account)
    for _, accounts in ipairs(living) do
        if redis.call('SISMEMBER', accounts, account) == 1 then return true end
    end
    return false
end
local found = {}
"""
ARRIVE = f"""{ANYWHERE}
for i = 2, #ARGV do
    if not anywhere(ARGV[i]) then table.insert(found, ARGV[i]) end
    redis.call('SADD', own, ARGV[i])
end
return found
"""
LEAVE = f"""{ANYWHERE}
for i = 2, #ARGV do
    if redis.call('SREM', own, ARGV[i]) == 1 and not anywhere(ARGV[i]) then table.insert(found, ARGV[i]) end
end
return found
"""
ONLINE = f"""{ANYWHERE}
for i = 2, #ARGV do
    if anywhere(ARGV[i]) then table.insert(found, ARGV[i]) end
end
return found
"""
RENEW = f"""
redis.call('SET', KEYS[1] .. 'lease:' .. ARGV[1], '', 'EX', ARGV[2])
redis.call('SET', KEYS[1] .. 'sockets:' .. ARGV[1], ARGV[3], 'EX', ARGV[2])
local new = redis.call('SADD', KEYS[1] .. 'processes', ARGV[1])
{ANYWHERE}
for _, process in ipairs(redis.call('SMEMBERS', root .. 'processes')) do
    if redis.call('EXISTS', root .. 'lease:' .. process) == 0 then
        redis.call('SREM', root .. 'processes', process)
        for _, account in ipairs(redis.call('SMEMBERS', root .. 'accounts:' .. process)) do
            if not anywhere(account) then table.insert(found, account) end
        end
        redis.call('DEL', root .. 'accounts:' .. process)
    end
end
return {{new, found}}
"""
ELSEWHERE = """
local found = {}
for _, process in ipairs(redis.call('SMEMBERS', KEYS[1] .. 'processes')) do
    local sockets = process ~= ARGV[1] and redis.call('GET', KEYS[1] .. 'sockets:' .. process)
    if sockets then table.insert(found, sockets) end
end
return found
"""


class RedisBoard:
    """The board of all processes with the same Redis and the same `prefix`."""

    def __init__(self, url: str, lease: int, prefix: str = "chat") -> None:
        """`lease` is in seconds; `renew` must be called several times within it."""
        self._redis: Any = Redis(connection_pool=create_pool({**pool_options(url), "socket_timeout": PATIENCE}))
        self._scripts = {text: self._redis.register_script(text) for text in (ARRIVE, LEAVE, ONLINE, RENEW, ELSEWHERE)}
        self._root = f"{prefix}:presence:"
        self._process = secrets.token_hex(8)
        self._lease = lease
        self._here: set[int] = set()
        self.reachable = False

    async def arrive(self, accounts: Sequence[int]) -> set[int]:
        self._here.update(accounts)
        return await self._step(ARRIVE, accounts, set(accounts))

    async def leave(self, accounts: Sequence[int]) -> set[int]:
        self._here.difference_update(accounts)
        return await self._step(LEAVE, accounts, set(accounts))

    async def online(self, accounts: Sequence[int]) -> set[int]:
        return await self._step(ONLINE, accounts, self._here.intersection(accounts))

    async def renew(self, sockets: Mapping[int, int]) -> set[int]:
        try:
            new, lapsed = await self._run(RENEW, self._lease, json.dumps(sockets))
        except FAILURES as error:
            self._out_of_reach(error)
            return set()
        if new or not self.reachable:
            # What this process had on the board, or should have had.
            self.reachable = await self._all_of(ARRIVE, self._here) is not None
        return {int(account) for account in lapsed} - self._here

    async def sockets_elsewhere(self) -> Counter[int]:
        sum_of: Counter[int] = Counter()
        try:
            for sockets in await self._run(ELSEWHERE):
                sum_of.update({int(source): number for source, number in json.loads(sockets).items()})
        except FAILURES as error:
            self._out_of_reach(error)
        return sum_of

    async def _step(self, script: str, accounts: Iterable[int], alone: set[int]) -> set[int]:
        """What the script finds; `alone` is what is true of this process by itself."""
        found = await self._all_of(script, accounts)
        return alone if found is None else found

    async def _all_of(self, script: str, accounts: Iterable[int]) -> set[int] | None:
        """What the script finds among the accounts; None if Redis can't be reached."""
        found: set[int] = set()
        rest = iter(tuple(accounts))
        while chunk := list(islice(rest, CHUNK)):
            try:
                found.update(int(account) for account in await self._run(script, *chunk))
            except FAILURES as error:
                self._out_of_reach(error)
                return None
        return found

    async def _run(self, script: str, *arguments: int | str) -> Any:
        return await self._scripts[script](keys=[self._root], args=[self._process, *arguments])

    def _out_of_reach(self, error: BaseException) -> None:
        if self.reachable:
            logger.warning("who is online elsewhere is not known now: %s", error)
        self.reachable = False
