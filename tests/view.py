"""What a careful client knows: its conversation list as `users` gave it, kept up by nothing but the frames it hears."""

from dataclasses import dataclass, field
from typing import Any

from tests.client import Heard

RECALLED = "消息已撤回"


@dataclass
class Row:
    """One conversation as this client would show it."""

    unread: int = 0
    pinned: int = 0
    last_id: int = 0
    preview: str = ""


@dataclass
class View:
    """The list and the read marks of one socket of `me`."""

    me: str
    rows: dict[str, Row] = field(default_factory=dict)
    total: int = 0
    blocked: set[str] = field(default_factory=set)
    """Whom this account has blocked."""
    read_marks: dict[int, tuple[str, int]] = field(default_factory=dict)
    """What this account sent since the socket signed in: whom to, and whether it is read."""

    def fetched(self, users: list[dict[str, Any]]) -> None:
        """Begin with what `users` answered. Its order stands for the ids, which it does not tell."""
        for place, user in enumerate(reversed(users)):
            row = Row(user["noread_nums"], user["is_top"], place - len(users), user["last_msg"])
            self.rows[user["account"]] = row
        self.total = sum(row.unread for row in self.rows.values())

    def shown(self) -> list[tuple[str, int, int, str]]:
        """The list from the top: account, unread, pinned, preview."""
        order = sorted(self.rows.items(), key=lambda item: (-item[1].pinned, -item[1].last_id))
        return [(account, row.unread, row.pinned, row.preview) for account, row in order]

    def sent(self, receipt: Heard, content: str) -> None:
        """This socket sent a text."""
        data = receipt["data"]
        self._said(data["chat_account"], receipt["message_id"], content)
        self.read_marks[receipt["message_id"]] = (data["chat_account"], data["is_read"])

    def recalled(self, account: str, message_id: int, is_last: int) -> None:
        """A message was taken back. Ids below 0 stand for those that `users` did not tell."""
        row = self.rows.get(account)
        if row is not None and (row.last_id == message_id or (row.last_id < 0 and is_last)):
            row.preview = RECALLED

    def deleted(self, account: str) -> None:
        """This socket deleted a conversation."""
        self.rows.pop(account, None)

    def pinned(self, account: str, flag: int) -> None:
        """This socket pinned a conversation or took its pin off."""
        self.rows[account].pinned = flag

    def blocking(self, account: str, flag: int) -> None:
        """This account blocked another or unblocked it."""
        if flag:
            self.blocked.add(account)
        else:
            self.blocked.discard(account)

    def hear(self, frame: Heard) -> None:
        """Take in one frame that was not asked for."""
        data = frame.get("data", {})
        match frame["query"]:
            case "user_message":
                self._said(data["account"], frame["message_id"], data["message"]["content"])
                if not data["is_read"]:
                    self.rows[data["account"]].unread += 1
                    self.total += 1
            case "sync_say":
                self._said(data["chat_account"], frame["message_id"], data["message"]["content"])
                self.read_marks[frame["message_id"]] = (data["chat_account"], data["is_read"])
            case "sync_read" | "sync_chat" if data.get("is_read", 1):
                self._read_by(data["chat_account"], frame.get("message_id", max(self.read_marks, default=0)))
            case "sync_all_noread_nums":
                self.total = data["all_noread_nums"]
                self.rows.get(data.get("chat_account", ""), Row()).unread = 0
            case "sync_chat_delete":
                self.rows.pop(data["chat_account"], None)
            case "sync_block":
                self.blocking(data["chat_account"], data["is_blocked"])
            case "sync_recall":
                self.recalled(data["chat_account"], data["message_id"], data["is_last"])
            case "sync_top":
                self.rows[data["chat_account"]].pinned = data["is_top"]

    def _read_by(self, account: str, up_to: int) -> None:
        for message_id, (recipient, _) in self.read_marks.items():
            if recipient == account and message_id <= up_to:
                self.read_marks[message_id] = (account, 1)

    def _said(self, account: str, message_id: int, content: str) -> None:
        row = self.rows.setdefault(account, Row())
        row.last_id, row.preview = message_id, content
