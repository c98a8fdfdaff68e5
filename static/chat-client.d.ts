/** The account that a socket signs in, or a short-lived token of it. */
export type SignIn = { appid: string; account: string; password: string } | { token: string };

/** A message body. Types that are not listed here pass through unchanged. */
export type Body =
  | { type: 'txt'; content: string }
  | { type: 'img'; content: string }
  | { type: 'audio'; content: string }
  | { type: 'video'; content: string }
  | { type: 'file'; content: string; data: { name: string; size: number } }
  | { type: 'goods'; content: string; data: { goods_id: number | string; goods_cover: string; goods_price: string | number; [key: string]: unknown } }
  | { type: string; [key: string]: unknown };

export interface Message {
  id: number;
  /** The account on the other side, whoever spoke. */
  peer: string;
  /** Sent by the own account, on this socket or another. */
  mine: boolean;
  body: Body;
  /** When it was stored, `YYYY-MM-DD HH:MM:SS` in the server's zone. */
  at: string;
  /** Whether the recipient has read it. */
  read: boolean;
  /** The shop's robot spoke for the shop. */
  robot: boolean;
  /** With this message the robot leaves the talk to people. */
  handover: boolean;
  /** Its sender took it back; the body says so. */
  recalled: boolean;
  clientId: string | null;
}

export interface Page {
  peer: { account: string; nickname: string; avatar: string };
  myAvatar: string;
  /** Oldest first. */
  messages: Message[];
  hasMore: boolean;
}

/** A row of the conversation list, as the protocol has it. */
export interface User {
  account: string;
  nickname: string;
  avatar: string;
  last_msg: string;
  last_time: string;
  noread_nums: number;
  is_top: 0 | 1;
  type: 1 | -1;
  /** The newest message that this row has counted. */
  message_id: number;
}

export interface Presence {
  account: string;
  online: 0 | 1;
  last_seen: string;
}

export interface Waiting {
  clientId: string;
  account: string;
  body: Body;
}

/** Where messages that wait are kept beyond this page, so that they go out after a reload, too. */
export interface Keep {
  /** In the order in which they were put. */
  all(): Waiting[];
  put(entry: Waiting): void;
  drop(clientId: string): void;
}

/** `refused`: sign in anew; `waiting`: cut off, and coming back by itself. */
export type State = 'stopped' | 'connecting' | 'online' | 'waiting' | 'refused';

export interface Events {
  /** `error` says why the server refused to sign in. */
  state: { state: State; error: ChatError | null };
  /** A new message, or one that was missed or changed while the line was cut (`live` false). The same one may come twice: tell them apart by `id`. */
  message: Message & { live: boolean };
  /** The receipt of a message that this client, or another page with the same `keep`, sent. */
  sent: { clientId: string; peer: string; id: number; at: string; read: boolean };
  /** The server does not take a message; sending it again under its `clientId` is safe. */
  failed: { clientId: string; peer: string; body: Body; error: ChatError };
  /** The peer has read what was sent up to this id; `Infinity` for all of it. */
  read: { peer: string; upTo: number };
  /** The total of unread messages; if `peer` is named, those of it are read. */
  unread: { total: number; peer?: string };
  /** Messages up to this id are gone from this account's view; `Infinity` for all of them. */
  deleted: { peer: string; upTo: number };
  pinned: { peer: string; pinned: boolean };
  menu: { peer: string; title: string; questions: { question_id: number; question: string; answer: string }[] };
  typing: { peer: string; typing: boolean };
  online: { peer: string; online: boolean };
  /** A guest of this shop looks at another page: `GET /api/me/peers/…/` tells which. */
  visit: { peer: string };
  /** `last`: it was the newest message, so what lists show of the conversation changes too. */
  recalled: { peer: string; id: number; last: boolean };
  /** Signed in, and every conversation that is held and can still be had is complete. */
  back: {};
}

export interface Socket {
  /** May throw, or say with `close` that it could not. */
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  open(): void;
  /** What is no JSON object is passed over. */
  text(text: unknown): void;
  /** Once. 1006 where the host gives no code. */
  close(code: number): void;
}

export type Open = (url: string, on: SocketEvents) => Socket;

export interface Options {
  /** `wss://host/ws` */
  url: string;
  /**
   * Asked before every attempt, so that a token can be fetched anew; `renew` after the server refused the last one.
   * null: nobody can be signed in. An error, or nothing within 15 seconds: the attempt counts as cut off.
   */
  signIn(why: { renew: boolean }): SignIn | null | Promise<SignIn | null>;
  /** 1 app, 2 WeChat, 3 Alipay, 4 PC (the default). */
  source?: 1 | 2 | 3 | 4;
  /** `browserSocket` unless given. */
  open?: Open;
  keep?: Keep | null;
  /** Notices that no socket hears unasked. */
  subscribe?: ('typing' | 'online' | 'recall' | 'visit')[];
}

/** What is read (`users`, `chats`, `history`) is asked for again where the server puts it off; everything else says so. */
export interface ChatClient {
  /** Returns a function that ends it. */
  on<Name extends keyof Events>(name: Name, handler: (detail: Events[Name]) => void): () => void;
  state(): State;
  start(): void;
  stop(): void;
  /** The page is in front again, or the network is back: see at once whether the line carries. */
  wake(): void;
  users(asked?: { page?: number; limit?: number }): Promise<User[]>;
  /** The newest messages. From now on the conversation is held: what a cut keeps back arrives after it, as `message`. */
  chats(account: string): Promise<Page>;
  /** A page before an id, or after one. */
  history(account: string, asked: { before?: number; after?: number; limit?: number }): Promise<Page>;
  forget(account: string): void;
  /** Be in the room, also after a reconnect: what the peer sends is read as it arrives. */
  enter(account: string): Promise<void>;
  leave(): Promise<void>;
  /**
   * Goes out now or after the next reconnect, once, and behind everything that was sent to this account before. Give `clientId` to repeat
   * one that failed.
   */
  send(account: string, body: Body, repeated?: { clientId?: string }): Waiting;
  /** What has no receipt yet, oldest first. */
  waiting(): Waiting[];
  /** Delete the conversation from the own list, and its messages so far from the own view. */
  remove(account: string): Promise<void>;
  pin(account: string, pinned: boolean): Promise<void>;
  robot(account: string, shopId: number, asked?: { content?: string; questionId?: number; apiToken?: string }): Promise<void>;
  typing(account: string, typing: boolean): Promise<unknown>;
  /** Who of them is online; with `online` among `subscribe` they are watched from now on, and asked for again after every reconnect. */
  online(accounts: string[]): Promise<Presence[]>;
  recall(account: string, id: number): Promise<void>;
}

/** Every promise of the client rejects with this: what the server refused, or `offline` when no answer came. */
export class ChatError extends Error {
  constructor(reason: string, message?: string, retryAfter?: number);
  /** The server's stable word for it. */
  reason: string;
  /** Seconds after which it may succeed. */
  retryAfter?: number;
}

export function createChatClient(options: Options): ChatClient;

export const browserSocket: Open;

/** Give it `wx` or `my`. */
export function miniProgramSocket(api: { connectSocket(options: any): any }): Open;
