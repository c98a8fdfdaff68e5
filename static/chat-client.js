/**
 * The chat's protocol for JavaScript: in browsers, and in WeChat and Alipay mini programs. It knows no page.
 * What it promises is written in chat-client.d.ts; how to use it, in docs/protocol.md.
 */
export { createChatClient } from './chat-client/client.js';
export { ChatError } from './chat-client/line.js';
export { miniProgramSocket } from './chat-client/mini-programs.js';
export { browserSocket } from './chat-client/sockets.js';
