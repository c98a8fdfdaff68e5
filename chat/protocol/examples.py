"""A frame of each kind, as the AsyncAPI document shows it."""

from typing import Any

from chat.protocol import frames, requests, subscribed

Example = dict[str, Any]

_TEXT = {"type": "txt", "content": "你好"}
_AT = "2024-04-16 09:30:00"
_BETWEEN = {"account": "User1", "chat_account": "User2"}
"""Whose socket it is that hears, and with whom the conversation is."""
_DONE = "操作成功"


def _asked(query: str, **data: Any) -> Example:
    return {"query": query, "seq": 7, "data": data}


def _answered(query: str, **more: Any) -> Example:
    return {"code": 0, "seq": 7, "query": query, **more}


def _told(query: str, **more: Any) -> Example:
    return {"code": 0, "query": query, **more}


ASKED: dict[type[requests.Request], Example] = {
    requests.Login: {
        "appid": "af8e2f0dbadb617bda145c84c1",
        **_asked("login", account="User1", password="123456", source=1),
    },
    requests.Users: _asked("users", page=1, limit=20),
    requests.Chats: _asked("chats", account="User2"),
    requests.HistoryChats: _asked("history_chats", account="User2", start_id=1001, limit=20),
    requests.Send: _asked("send", account="User2", message=_TEXT, client_id="c-1"),
    requests.ChatDelete: _asked("chat_delete", account="User2"),
    requests.EnterChats: _asked("enter_chats", account="User2"),
    requests.LeaveChats: _asked("leave_chats", account="User2"),
    requests.Top: _asked("top", account="User2", operation="set"),
    requests.Robot: _asked("robot", account="dev17", shop_id=17, content="包邮吗"),
    requests.Block: _asked("block", account="User2"),
    requests.Unblock: _asked("unblock", account="User2"),
    requests.Blocked: _asked("blocked", page=1, limit=20),
    requests.Subscribe: _asked("subscribe", events=["typing", "online", "recall"]),
    requests.Typing: _asked("typing", account="User2", typing=1),
    requests.Online: _asked("online", accounts=["User2"]),
    requests.Recall: _asked("recall", account="User2", message_id=1001),
}

_ITEM = {"id": 1001, "message_id": 1001, "from_account": "User1", "to_account": "User2", "message": _TEXT}
_USER = {"account": "User2", "nickname": "张三", "avatar": "avatars/2.jpg", "last_msg": "你好", "last_time": _AT}
_PEER = {"target_account": "User2", "target_nickname": "张三", "target_avatar": "avatars/2.jpg", "my_avatar": ""}

HEARD: dict[type[frames.Frame], Example] = {
    frames.SignedIn: _answered("login", msg="登录成功"),
    frames.UserList: _answered("users", data=[{**_USER, "noread_nums": 0, "is_top": 0, "type": 1, "message_id": 1001}]),
    frames.Items: _answered(
        "chats", data={**_PEER, "list": [{**_ITEM, "is_read": 1, "created_at": _AT}], "has_more": False}
    ),
    frames.SyncRead: _answered(
        "sync_read", message_id=1001, created_at=_AT, data={**_BETWEEN, "is_read": 0, "client_id": "c-1"}
    ),
    frames.SyncAllNoreadNums: _told(
        "sync_all_noread_nums", data={"account": "User1", "all_noread_nums": 3, "chat_account": "User2"}
    ),
    frames.Done: _answered("leave_chats", msg=_DONE),
    frames.Topped: _answered("top", msg=_DONE, data={"account": "User2", "is_top": 1}),
    frames.UserMessage: _told(
        "user_message", message_id=1001, data={"account": "User2", "message": _TEXT, "created_at": _AT, "is_read": 0}
    ),
    frames.BlockChanged: _answered("block", msg=_DONE, data={"account": "User2", "is_blocked": 1}),
    frames.BlockedList: _answered(
        "blocked", data=[{"account": "User2", "nickname": "张三", "avatar": "avatars/2.jpg", "created_at": _AT}]
    ),
    subscribed.Subscribed: _answered("subscribe", msg=_DONE, data={"events": ["typing", "online", "recall"]}),
    subscribed.OnlineList: _answered("online", data=[{"account": "User2", "online": 0, "last_seen": _AT}]),
    subscribed.Recalled: _answered("recall", msg=_DONE, data={"account": "User2", "message_id": 1001}),
    frames.Connected: _told("connect", msg="连接成功"),
    frames.SyncSay: _told(
        "sync_say", message_id=1001, data={**_BETWEEN, "message": _TEXT, "created_at": _AT, "is_read": 0}
    ),
    frames.SyncChat: _told("sync_chat", data=_BETWEEN),
    frames.SyncChatDelete: _told("sync_chat_delete", data=_BETWEEN),
    frames.SyncTop: _told("sync_top", data={**_BETWEEN, "is_top": 1}),
    frames.SyncBlock: _told("sync_block", data={**_BETWEEN, "is_blocked": 1}),
    subscribed.SyncTyping: _told("sync_typing", data={**_BETWEEN, "typing": 1}),
    subscribed.SyncOnline: _told("sync_online", data={**_BETWEEN, "online": 1}),
    subscribed.SyncRecall: _told("sync_recall", data={**_BETWEEN, "message_id": 1001, "is_last": 1}),
    subscribed.SyncVisit: _told("sync_visit", data={"account": "dev17", "chat_account": "guest-1"}),
    frames.Pong: _told("ping", msg="pong"),
    frames.Error: {
        "code": 2,
        "seq": 7,
        "msg": "请求参数有误",
        "query": "send",
        "reason": "invalid_field",
        "field": "data.account",
        "data": {"client_id": "c-1"},
    },
}
