/** One shape for a message, however it was learned of. */

/** An item of `chats` or `history_chats` in the conversation with `peer`. */
export function listed(item, peer) {
  return {
    id: item.message_id,
    peer,
    mine: item.from_account !== peer,
    body: item.message,
    at: item.created_at,
    read: item.is_read === 1,
    robot: item.robot === 1,
    handover: item.handover === 1,
    recalled: item.recalled === 1,
    clientId: null,
  };
}

/** A `user_message`, or a `sync_say` if it is `mine`. */
export function heard(frame, peer, mine) {
  const { data } = frame;
  return {
    id: frame.message_id,
    peer,
    mine,
    body: data.message,
    at: data.created_at,
    read: data.is_read === 1,
    robot: data.robot === 1,
    handover: data.handover === 1,
    recalled: false,
    clientId: data.client_id || null,
  };
}
