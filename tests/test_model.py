"""Whatever three accounts with two sockets each do: every socket's view, a fresh sign-in, the database and a plain
model agree after each step, and unread counts equal a recount.

Hypothesis chooses the steps. When it finds a difference it prints the shortest steps that show it and a line that
repeats them.
"""

import asyncio
import os
from collections.abc import Awaitable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chat.models import Conversation
from tests.case import SocketTest, text
from tests.deployments import Deployment
from tests.model import ACCOUNTS, NOTIFICATION, PEERS, Key, Sent, Sockets, Talk
from tests.view import RECALLED

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "3"))
STEPS = int(os.environ.get("MODEL_STEPS", "12"))
CONVERGENCE = 5.0
"""Seconds after which processes that tell each other of reading must agree."""

accounts = st.sampled_from(ACCOUNTS)
peers = st.sampled_from(PEERS)
sockets = st.sampled_from([(account, number) for account in ACCOUNTS for number in (1, 2)])


class Conversations(RuleBasedStateMachine):
    """The steps, and the model that says what must come of them."""

    deployment: Deployment

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.sockets = Sockets(self.deployment)
        self.talks = {(owner, peer): Talk() for owner in ACCOUNTS for peer in PEERS if owner != peer}
        self.viewing: dict[Key, str] = {}
        self.blocks: dict[str, set[str]] = {account: set() for account in ACCOUNTS}
        self.sent: list[Sent] = []
        self.count = 0
        self.run(self.sockets.open())

    def run(self, awaitable: Awaitable[Any]) -> Any:
        async def wait() -> Any:
            return await awaitable

        return self.runner.run(wait())

    def teardown(self) -> None:
        self.run(self.sockets.close())
        self.runner.close()

    def is_viewing(self, owner: str, peer: str) -> bool:
        return any(key[0] == owner and viewed == peer for key, viewed in self.viewing.items())

    @rule(key=sockets, peer=accounts)
    def send(self, key: Key, peer: str) -> None:
        account = key[0]
        if peer == account:
            return
        self.count += 1
        content = f"message {self.count}"
        receipt = self.run(self.sockets.clients[key].ask("send", account=peer, message=text(content)))
        if account in self.blocks[peer]:
            assert receipt.get("reason") == "blocked", receipt
            return
        self.sockets.views[key].sent(receipt, content)
        for owner, other in ((account, peer), (peer, account)):
            talk = self.talks[owner, other]
            talk.listed, talk.last_id, talk.preview = True, receipt["message_id"], content
            talk.visible.append(receipt["message_id"])
        self.sent.append(Sent(receipt["message_id"], account, peer))
        if not self.is_viewing(peer, account):
            self.talks[peer, account].unread += 1

    @rule(account=accounts)
    def notify(self, account: str) -> None:
        self.count += 1
        content = f"notification {self.count}"
        self.run(self.sockets.notify(account, content))
        talk = self.talks[account, NOTIFICATION]
        talk.listed, talk.preview = True, content
        talk.last_id = self.run(self.sockets.history((account, 1), NOTIFICATION))[-1]["id"]
        talk.visible.append(talk.last_id)
        if not self.is_viewing(account, NOTIFICATION):
            talk.unread += 1

    @rule(key=sockets, back=st.integers(min_value=1, max_value=4))
    def recall(self, key: Key, back: int) -> None:
        """Take back one of the newest messages, whoever sent it. It stays as unread as it was."""
        if back > len(self.sent):
            return
        message = self.sent[-back]
        peer = message.sender if message.recipient == key[0] else message.recipient
        if peer == key[0]:
            return
        answer = self.run(self.sockets.clients[key].ask("recall", account=peer, message_id=message.id))
        if message.sender != key[0]:
            assert answer["reason"] == "unknown_message", answer
            return
        assert answer["data"] == {"account": peer, "message_id": message.id}, answer
        message.recalled = True
        for side in ((key[0], peer), (peer, key[0])):
            if self.talks[side].last_id == message.id:
                self.talks[side].preview = RECALLED
        self.sockets.views[key].recalled(peer, message.id, int(self.talks[key[0], peer].last_id == message.id))

    @rule(key=sockets, peer=peers)
    def enter(self, key: Key, peer: str) -> None:
        if peer == key[0]:
            return
        answer = self.run(self.sockets.clients[key].ask("enter_chats", account=peer))
        self.sockets.views[key].hear(answer)
        self.viewing[key] = peer
        self.talks[key[0], peer].unread = 0

    @rule(key=sockets)
    def leave(self, key: Key) -> None:
        peer = self.viewing.pop(key, None) or next(account for account in ACCOUNTS if account != key[0])
        self.run(self.sockets.clients[key].ask("leave_chats", account=peer))

    @rule(key=sockets, peer=peers)
    def delete(self, key: Key, peer: str) -> None:
        if peer == key[0]:
            return
        answer = self.run(self.sockets.clients[key].ask("chat_delete", account=peer))
        self.sockets.views[key].hear(answer)
        self.sockets.views[key].deleted(peer)
        talk = self.talks[key[0], peer]
        talk.unread, talk.pinned, talk.listed, talk.visible = 0, 0, False, []

    @rule(key=sockets, peer=peers, operation=st.sampled_from(["set", "cancel"]))
    def top(self, key: Key, peer: str, operation: str) -> None:
        if peer == key[0]:
            return
        answer = self.run(self.sockets.clients[key].ask("top", account=peer, operation=operation))
        talk = self.talks[key[0], peer]
        if not talk.listed:
            assert answer["reason"] == "unknown_conversation", answer
            return
        talk.pinned = 1 if operation == "set" else 0
        assert answer["data"] == {"account": peer, "is_top": talk.pinned}, answer
        self.sockets.views[key].pinned(peer, talk.pinned)

    @rule(key=sockets, peer=accounts, query=st.sampled_from(["block", "unblock"]))
    def block(self, key: Key, peer: str, query: str) -> None:
        if peer == key[0]:
            return
        flag = 1 if query == "block" else 0
        answer = self.run(self.sockets.clients[key].ask(query, account=peer))
        assert answer["data"] == {"account": peer, "is_blocked": flag}, answer
        self.sockets.views[key].blocking(peer, flag)
        (self.blocks[key[0]].add if flag else self.blocks[key[0]].discard)(peer)

    @rule(key=sockets)
    def reconnect(self, key: Key) -> None:
        self.run(self.sockets.clients[key].__aexit__())
        self.viewing.pop(key, None)
        self.run(self.sockets.sign_in(key))

    @invariant()
    def all_agree(self) -> None:
        self.run(self._all_agree())

    async def _all_agree(self) -> None:
        deadline = asyncio.get_running_loop().time() + CONVERGENCE
        while True:
            await self.sockets.take_in()
            difference = await self._difference()
            if not difference:
                return
            if len(self.sockets.markers) == 1 or asyncio.get_running_loop().time() > deadline:
                raise AssertionError(difference)

    async def _difference(self) -> str:
        """What does not agree; empty if all does."""
        for account in ACCOUNTS:
            expected = self._expected(account)
            fresh = [
                (user["account"], user["noread_nums"], user["is_top"], user["last_msg"])
                for user in await self.sockets.fresh(account)
            ]
            if fresh != expected:
                return f"a fresh sign-in of {account} sees {fresh}, the model {expected}"
            for number in (1, 2):
                view = self.sockets.views[account, number]
                fresh_blocked = await self.sockets.blocked(self.sockets.clients[account, number])
                if not view.blocked == fresh_blocked == self.blocks[account]:
                    return f"{account}{number} blocks {view.blocked}, {fresh_blocked}, the model {self.blocks[account]}"
                if view.shown() != expected:
                    return f"socket {account}{number} shows {view.shown()}, the model {expected}"
                if view.total != sum(row[1] for row in expected):
                    return f"socket {account}{number} counts {view.total} unread, the model {expected}"
                if difference := await self._marks_differ((account, number)):
                    return difference
        return self._recount()

    def _expected(self, account: str) -> list[tuple[str, int, int, str]]:
        listed = [(peer, talk) for (owner, peer), talk in self.talks.items() if owner == account and talk.listed]
        listed.sort(key=lambda item: (-item[1].pinned, -item[1].last_id))
        return [(peer, talk.unread, talk.pinned, talk.preview) for peer, talk in listed]

    async def _marks_differ(self, key: Key) -> str:
        """The history and the read marks of one socket against the model."""
        for peer in PEERS:
            if peer == key[0]:
                continue
            items = await self.sockets.history(key, peer)
            ids = [item["id"] for item in items]
            if ids != self.talks[key[0], peer].visible[-20:]:
                return f"{key} has {ids} of {peer}, the model {self.talks[key[0], peer].visible[-20:]}"
            recalled = {message.id for message in self.sent if message.recalled}
            shown = {item["id"] for item in items if item.get("recalled")}
            if shown != recalled.intersection(ids):
                return f"{key} has {shown} of {peer} as recalled, the model {recalled}"
            for item in items:
                mark = self.sockets.views[key].read_marks.get(item["id"])
                if mark is not None and mark[1] != item["is_read"]:
                    return f"{key} takes {item['id']} to {peer} as {mark[1]}, its history as {item['is_read']}"
        return ""

    def _recount(self) -> str:
        world = self.sockets.world
        for row in Conversation.objects.using(world.alias).filter(owner__app=world.app).select_related("owner", "peer"):
            counted = world.recount(row.owner.name, row.peer.name)
            if row.unread != counted:
                return f"{row.owner.name} has {row.unread} unread of {row.peer.name}, a recount gives {counted}"
        return ""


class EverySocketAgreesWithAFreshSignIn(SocketTest):
    def test_whatever_three_accounts_do(self) -> None:
        machine = type("Machine", (Conversations,), {"deployment": self.deployment})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                print_blob=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
