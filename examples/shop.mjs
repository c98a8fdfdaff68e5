// A shop platform's back end and two of its apps in one: accounts are made, they talk, and a webhook tells of it.
//
// Needs Node 20 and `npm install ws standardwebhooks`, an app key with all scopes, and a webhook for `message.sent` to
// http://127.0.0.1:8010/ with its secret: node shop.mjs http://127.0.0.1:8000 ck_… whsec_… 8010
import { EventEmitter, on, once } from "node:events";
import { createServer } from "node:http";
import { text as whole } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import WebSocket from "ws";

const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP8z4AdMOEQH6QSAM1BAQ/oQeJvAAAAAElFTkSuQmCC",
  "base64",
);

const [address, key, secret, port] = process.argv.slice(2);

/** What the shop's own server asks; what is refused throws, with the problem's code. */
async function ask(method, path, body) {
  const answer = await fetch(address + path, {
    method,
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${told.code}`);
  return told;
}

/** The same as often as you like: nothing changes the second time. */
async function provision(shop, number, customer) {
  await ask("PUT", `/api/accounts/${customer}/`, { nickname: "张三" });
  await ask("PUT", `/api/accounts/${shop}/`, { nickname: "小店", password: "a-long-password" });
  await ask("PUT", `/api/shops/${number}/`, { account: shop, name: "小店" });
  const questions = [{ number: 1, question: "包邮吗", answer: "本店全场包邮" }];
  await ask("PUT", `/api/shops/${number}/questions/`, { questions });
}

/** What the shop's app is handed, so that it signs in without a password. */
const tokenFor = async (account) => (await ask("POST", `/api/accounts/${account}/tokens/`, { minutes: 30 })).token;

/** What an app does with a picture before it sends it. */
async function upload(token, picture) {
  const form = new FormData();
  form.append("kind", "image");
  form.append("file", new Blob([picture]), "picture.png");
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${address}/api/uploads/`, { method: "POST", headers, body: form });
  return (await answer.json()).data.url;
}

/** A socket whose frames are waited for one by one. */
async function open() {
  const wire = new WebSocket(`${address.replace("http", "ws")}/ws`);
  const frames = on(wire, "message");
  await once(wire, "open");
  const hear = async (name, wanted) => {
    for (;;) {
      const frame = JSON.parse((await frames.next()).value[0]);
      if (frame[name] === wanted) return frame;
    }
  };
  const say = (query, data) => {
    wire.send(JSON.stringify({ query, data, seq: query }));
    return hear("seq", query);
  };
  return { say, hear, close: () => wire.close() };
}

// Where the chat tells the shop's own server what happens. Anybody can call here: the signature says who it is.
const told = new EventEmitter();
const events = on(told, "event");
const hooks = createServer(async (request, response) => {
  try {
    told.emit("event", new Webhook(secret).verify(await whole(request), request.headers));
    response.writeHead(204).end();
  } catch (error) {
    console.log("a webhook was refused: it is not signed with the secret");
    response.writeHead(401).end();
  }
}).listen(port, "127.0.0.1");

await provision("example-shop", 4711, "example-customer");
const token = await tokenFor("example-customer");
const [customer, shop] = [await open(), await open()];
await customer.say("login", { token });
await shop.say("login", { token: await tokenFor("example-shop") });
const picture = { type: "img", content: await upload(token, PICTURE) };
await customer.say("send", { account: "example-shop", message: picture });
console.log("the shop hears:", (await shop.hear("query", "user_message")).data.message.type);
const message = { type: "txt", content: "您的订单已发货" };
const sent = await ask("POST", "/api/shops/4711/messages/", { account: "example-customer", message });
console.log("the customer hears:", (await customer.hear("query", "user_message")).data.message.content);
let event;
do event = (await events.next()).value[0];
while (event.data.message_id !== sent.message_id);
console.log("the webhook tells:", event.type, event.data.message.content);
[customer, shop, hooks].forEach((one) => one.close());
