"""What the AsyncAPI document says of messages and bodies: listed for translators, for the page shows it."""

from django.utils.translation import gettext_noop as _

SAID = (
    _("A body of a type that clients know, or of one of their own, which passes through unchanged."),
    _("A further page of a conversation."),
    _("A message of the conversation with `chat_account` was taken back by its sender."),
    _("A message to this account. A robot's menu has no `message_id`: it is not stored."),
    _("A page of the conversation list."),
    _("A page of those who are blocked."),
    _("A product card; `data` is the shop's own description of it."),
    _("A robot's menu; the server alone sends it."),
    _("Another socket of this account deleted the conversation with `chat_account`."),
    _("Another socket of this account pinned a conversation, or took its pin off."),
    _("Another socket of this account, or its robot, sent a message."),
    _("Another socket of this account, or staff, blocked `chat_account` or unblocked it."),
    _("Ask a shop's robot for its menu or for an answer."),
    _("Ask for notices that no socket hears unasked."),
    _("Delete a conversation from the own list."),
    _("Either `token`, or `account` and `password`. `source`: 1 app, 2 WeChat, 3 Alipay, 4 PC; a token's own counts."),
    _("Go into the room with somebody."),
    _("Hear from somebody again."),
    _("Hear nothing from somebody any more."),
    _("Leave the room, or that with one account alone."),
    _(
        "One conversation of the list. `type` is 1, or -1 for the app's notifications. `message_id` is that of the "
        "newest message: the row takes account of everything up to it."
    ),
    _(
        "One message of a list. `message_id` repeats `id`; `recalled` tells that its sender took it back, `robot` and "
        "`handover` are as in `user_message`."
    ),
    _("Pin a conversation, or take its pin off."),
    _("Send a message."),
    _("Sign this socket in."),
    _("Somebody who is blocked, since `created_at`."),
    _("Something was refused; nothing was written. `field` names a wrong field, `retry_after` the seconds to wait."),
    _("Take back a message that was sent to `account`."),
    _("Tell somebody that one is writing, or has stopped."),
    _("The added notices that this socket wants from now on; names that the server does not know are passed over."),
    _("The answer to `block` and `unblock`."),
    _("The answer to `blocked`."),
    _("The answer to `chats` and `history_chats`: messages from the oldest to the newest."),
    _("The answer to `leave_chats`, and to a `typing` that has a `seq`."),
    _("The answer to `login`."),
    _("The answer to `online`: those about whom this account may ask, in the order in which it did."),
    _("The answer to `recall`."),
    _("The answer to `subscribe`."),
    _("The answer to `top`."),
    _("The answer to `users`."),
    _("The answer to the text `ping`."),
    _("The first frame on every socket."),
    _("The guest `chat_account` of this shop looks at another page; which one is told over HTTP."),
    _("The newest messages of a conversation."),
    _("The other account of a conversation."),
    _("The receipt of a message: it is stored for good. Without `created_at`: messages up to this one are read."),
    _("This account's total of unread messages has changed."),
    _("What every body has."),
    _("What this socket hears from now on, besides what all sockets hear."),
    _("Whether anybody is there: a text, no JSON."),
    _("Who of these is online."),
    _("Without `content` and `question_id` the menu is asked for."),
    _("`account` is this account, the sender; `chat_account` is who has read the message, or not yet."),
    _("`account` is this account, which sent the message to `chat_account`."),
    _("`chat_account` came into the room with this account and has read everything it was sent."),
    _(
        "`chat_account` is the conversation that made the total change; nothing in it is unread now. Without one the "
        "total was counted anew, as what was told before may have been wrong."
    ),
    _("`chat_account` is writing to this account, or has stopped. What is not repeated lapses after six seconds."),
    _("`chat_account`, about whom this socket asked, came online or went offline."),
    _("`content` is `<address of the cover>|<address>`."),
    _("`content` is `<seconds>|<address>`."),
    _("`content` is the picture's address."),
    _("`is_last` tells that it was the conversation's newest message: what lists show of it changes too."),
    _(
        "`is_read` tells that the message was read on arrival and is not counted; `robot` that a robot wrote it, and "
        "`handover` that it leaves the rest to people."
    ),
    _("`last_seen` is empty for who is online, and for who never was."),
    _("`start_id` pages backwards from an id, `after_id` forwards; neither includes the id itself."),
)
