"""Every reason for which the server says no, once. The words for people stand in `chat.protocol.words`."""

from enum import StrEnum


class Reason(StrEnum):
    """A stable word for programs; existing values never change their meaning."""

    INVALID_JSON = "invalid_json"
    NOT_AN_OBJECT = "not_an_object"
    BINARY_FRAME = "binary_frame"
    FRAME_TOO_LARGE = "frame_too_large"
    UNKNOWN_QUERY = "unknown_query"
    INVALID_FIELD = "invalid_field"
    LOGIN_REQUIRED = "login_required"
    LOGIN_FAILED = "login_failed"
    ACCOUNT_DISABLED = "account_disabled"
    TOKEN_INVALID = "token_invalid"
    TOKEN_EXPIRED = "token_expired"
    TOO_MANY_REQUESTS = "too_many_requests"
    TOO_MANY_SOCKETS = "too_many_sockets"
    TOO_MANY_DEVICES = "too_many_devices"
    SERVER_BUSY = "server_busy"
    STORAGE_UNAVAILABLE = "storage_unavailable"
    INTERNAL_ERROR = "internal_error"
    UNKNOWN_ACCOUNT = "unknown_account"
    OWN_ACCOUNT = "own_account"
    NOTIFICATION_ACCOUNT = "notification_account"
    UNKNOWN_CONVERSATION = "unknown_conversation"
    CLIENT_ID_CONFLICT = "client_id_conflict"
    UNKNOWN_MESSAGE = "unknown_message"
    RECALL_TOO_LATE = "recall_too_late"
    INVALID_MESSAGE = "invalid_message"
    RESERVED_TYPE = "reserved_type"
    MESSAGE_TOO_LARGE = "message_too_large"
    BLOCKED = "blocked"
    BLOCKED_BY_YOU = "blocked_by_you"
    TOO_MANY_BLOCKED = "too_many_blocked"
    UNKNOWN_SHOP = "unknown_shop"
    API_TOKEN_MISMATCH = "api_token_mismatch"


class Refusal(Exception):
    """The server does not do what was asked. Nothing was written."""

    def __init__(self, reason: Reason, *, field: str = "", retry_after: float = 0.0) -> None:
        """`field` is the dotted path of a wrong field; `retry_after` is in seconds, 0 where waiting does not help."""
        super().__init__(reason.value)
        self.reason = reason
        self.field = field
        self.retry_after = retry_after
