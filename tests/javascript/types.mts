/** What somebody writes who has only the types: it must compile, and the lines marked so must not. */

import { ChatClient, ChatError, createChatClient, miniProgramSocket } from '../../static/chat-client.js';

declare const wx: { connectSocket(options: any): any };

const chat: ChatClient = createChatClient({
  url: 'wss://chat.example/ws',
  source: 2,
  open: miniProgramSocket(wx),
  signIn: async ({ renew }) => (renew ? null : { token: 'a token' }),
  subscribe: ['typing'],
});

const end: () => void = chat.on('message', ({ id, body, live }) => console.log(id + 1, body.type, live));
chat.on('failed', ({ error }) => console.log(error.reason, error.retryAfter));
chat.on('visit', ({ peer }) => chat.users({ limit: 1 }).then(([user]) => console.log(peer, user.message_id + 1)));
chat.start();
end();

const entry = chat.send('dev17', { type: 'goods', content: '商品', data: { goods_id: 9, goods_cover: '', goods_price: '1' } });
chat.send(entry.account, entry.body, { clientId: entry.clientId });

async function read(): Promise<string> {
  const page = await chat.chats('dev17');
  const older = await chat.history('dev17', { before: page.messages[0].id, limit: 50 });
  return older.hasMore ? older.peer.nickname : new ChatError('offline').reason;
}
read();

// @ts-expect-error there is no such event
chat.on('misspelt', () => {});
// @ts-expect-error a password needs an account
createChatClient({ url: '', signIn: () => ({ password: '' }) });
// @ts-expect-error accounts are names
chat.enter(17);
