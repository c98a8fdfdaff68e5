// A shop platform's back end and two of its apps in one: accounts are made, they talk, and a picture is sent.
//
// Needs Node 20 and `npm install ws`, and an app key with all scopes: node shop.mjs http://127.0.0.1:8000 ck_…
import WebSocket from "ws";

const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP8z4AdMOEQH6QSAM1BAQ/oQeJvAAAAAElFTkSuQmCC",
  "base64",
);

const [address, key] = process.argv.slice(2);

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
class Socket {
  heard = [];
  waiting = [];

  static async open() {
    const socket = new Socket();
    socket.wire = new WebSocket(`${address.replace("http", "ws")}/ws`);
    socket.wire.on("message", (text) => {
      socket.heard.push(JSON.parse(text));
      socket.waiting.forEach((look) => look());
    });
    await new Promise((opened, failed) => socket.wire.on("open", opened).on("error", failed));
    return socket;
  }

  /** Send a query, and hear what answers it. */
  ask(query, data) {
    this.wire.send(JSON.stringify({ query, data, seq: query }));
    return this.hear((frame) => frame.seq === query);
  }

  /** The oldest frame that is wanted, heard already or still to come. */
  hear(wanted) {
    return new Promise((found) => {
      const look = () => {
        const index = this.heard.findIndex(wanted);
        if (index < 0) return;
        this.waiting = this.waiting.filter((other) => other !== look);
        found(this.heard.splice(index, 1)[0]);
      };
      this.waiting.push(look);
      look();
    });
  }
}

await provision("example-shop", 4711, "example-customer");
const token = await tokenFor("example-customer");
const [customer, shop] = [await Socket.open(), await Socket.open()];
await customer.ask("login", { token });
await shop.ask("login", { token: await tokenFor("example-shop") });
const message = { type: "img", content: await upload(token, PICTURE) };
await customer.ask("send", { account: "example-shop", message });
const isMessage = (frame) => frame.query === "user_message";
console.log("the shop hears:", (await shop.hear(isMessage)).data.message.type);
const said = { account: "example-customer", message: { type: "txt", content: "您的订单已发货" } };
await ask("POST", "/api/shops/4711/messages/", said);
console.log("the customer hears:", (await customer.hear(isMessage)).data.message.content);
[customer, shop].forEach((socket) => socket.wire.close());
