"""The consumer where each query is logged: whose it was, what came of it, and how long it took.

Never what anybody said: no field of a query stands in the log, but its name.
"""

import logging
from time import perf_counter
from typing import Any

from accounts.refusals import Refusal
from chat.delivery import Origin
from chat.protocol import codec
from chat.protocol.requests import Query
from chat.sockets.consumer import ChatConsumer

logger = logging.getLogger("chat.queries")


class LoggedConsumer(ChatConsumer):
    """Stands in the place of `ChatConsumer` with LOG_QUERIES."""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.begun: dict[int, float] = {}
        await super().__call__(scope, receive, send)

    async def connect(self) -> None:
        self.log("connect", 0, perf_counter())
        await super().connect()

    async def hang_up(self, code: int) -> None:
        self.log("disconnect", self.outbox.drop(code), perf_counter())
        await super().hang_up(code)

    def take(self, text: str) -> bool:
        """Nothing: every query is to pass through `answer`."""
        return False

    async def answer(self, query: Query) -> None:
        self.begun[id(query)] = perf_counter()
        await super().answer(query)

    def origin(self, query: Query) -> Origin:
        self.log(str(type(query).__struct_config__.tag), 0, self.begun.pop(id(query), None))
        return super().origin(query)

    def refuse(self, refusal: Refusal, query: Query) -> None:
        tag = str(type(query).__struct_config__.tag)
        self.log(tag, 2, self.begun.pop(id(query), None), reason=refusal.reason.value)
        super().refuse(refusal, query)

    def refuse_frame(self, refused: codec.Refused, refusal: Refusal) -> None:
        self.log(refused.query, 2, perf_counter(), reason=refusal.reason.value)
        super().refuse_frame(refused, refusal)

    def log(self, query: str, code: int, begun: float | None, **more: str) -> None:
        """One line; `code` is the answer's, or that with which the socket was closed."""
        milliseconds = round((perf_counter() - begun) * 1000, 1) if begun is not None else 0.0
        told = {
            "connection": self.channel_name.rpartition("!")[2],
            "account": self.session.account.id if self.session.signed_in else None,
            "query": query,
            "code": code,
            "ms": milliseconds,
            **more,
        }
        logger.info("query", extra={"told": told})
