"""What a person reads when something is refused: short, polite Chinese, since clients show `msg` as it is."""

from accounts.refusals import Reason

WORDS: dict[Reason, str] = {
    Reason.INVALID_JSON: "解析JSON失败",
    Reason.NOT_AN_OBJECT: "消息格式不正确",
    Reason.BINARY_FRAME: "暂不支持二进制消息",
    Reason.FRAME_TOO_LARGE: "消息过长",
    Reason.UNKNOWN_QUERY: "暂不支持该操作",
    Reason.INVALID_FIELD: "请求参数有误",
    Reason.LOGIN_REQUIRED: "请先登录",
    Reason.LOGIN_FAILED: "登录失败，账号或密码错误",
    Reason.ACCOUNT_DISABLED: "账号已停用",
    Reason.TOKEN_INVALID: "登录凭证无效，请重新登录",
    Reason.TOKEN_EXPIRED: "登录已过期，请重新登录",
    Reason.TOO_MANY_REQUESTS: "操作太频繁，请稍后再试",
    Reason.TOO_MANY_SOCKETS: "连接数过多，请稍后再试",
    Reason.TOO_MANY_DEVICES: "该账号登录的设备过多，请稍后再试",
    Reason.SERVER_BUSY: "服务器繁忙，请稍后再试",
    Reason.STORAGE_UNAVAILABLE: "服务暂时不可用，请稍后再试",
    Reason.INTERNAL_ERROR: "服务器开小差了，请稍后再试",
    Reason.UNKNOWN_ACCOUNT: "对方账号不存在",
    Reason.OWN_ACCOUNT: "不能和自己聊天",
    Reason.NOTIFICATION_ACCOUNT: "通知账号不支持该操作",
    Reason.UNKNOWN_CONVERSATION: "会话不存在",
    Reason.CLIENT_ID_CONFLICT: "消息编号重复",
    Reason.UNKNOWN_MESSAGE: "消息不存在",
    Reason.RECALL_TOO_LATE: "消息发出太久，不能撤回",
    Reason.INVALID_MESSAGE: "消息内容有误",
    Reason.RESERVED_TYPE: "不支持发送该类型的消息",
    Reason.MESSAGE_TOO_LARGE: "消息内容过长",
    Reason.BLOCKED: "对方已拒收您的消息",
    Reason.BLOCKED_BY_YOU: "您已拉黑对方，请先解除",
    Reason.TOO_MANY_BLOCKED: "拉黑人数已达上限",
    Reason.UNKNOWN_SHOP: "店铺不存在或已停用",
    Reason.API_TOKEN_MISMATCH: "身份验证失败，请重新登录",
}

SPELLED_OUT = frozenset({Reason.INVALID_JSON, Reason.LOGIN_FAILED})
"""The two errors that the customer's document shows whole: nothing is added to them but `seq`."""
