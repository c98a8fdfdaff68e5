"""A shop platform's back end and two of its apps in one: accounts are made, they talk, and a webhook tells of it.

Needs `pip install requests websockets standardwebhooks`, an app key with all scopes, and a webhook for `message.sent`
to http://127.0.0.1:8010/ with its secret: python shop.py http://127.0.0.1:8000 ck_… whsec_… 8010
"""

import base64
import json
import queue
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import requests
from standardwebhooks import Webhook, WebhookVerificationError
from websockets.sync.client import ClientConnection, connect

address, key, secret, port = sys.argv[1:]
http = requests.Session()
http.headers["Authorization"] = f"Bearer {key}"
events: queue.Queue[dict] = queue.Queue()
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP8z4AdMOEQH6QSAM1BAQ/oQeJvAAAAAElFTkSuQmCC"
)


class Hooks(BaseHTTPRequestHandler):
    """Where the chat tells the shop's own server what happens. Anybody can call here: the signature says who it is."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            events.put(Webhook(secret).verify(body, dict(self.headers)))
            self.send_response(204)
        except WebhookVerificationError:
            print("a webhook was refused: it is not signed with the secret")
            self.send_response(401)
        self.end_headers()


def ask(method: str, path: str, body: object = None) -> dict:
    """What the shop's own server asks; what is refused ends the program, with the problem's code."""
    answer = http.request(method, address + path, json=body, timeout=30)
    if not answer.ok:
        raise SystemExit(f"{method} {path}: {answer.json()['code']}")
    return answer.json()


def provision(shop: str, number: int, customer: str) -> None:
    """The same as often as you like: nothing changes the second time."""
    ask("PUT", f"/api/accounts/{customer}/", {"nickname": "张三"})
    ask("PUT", f"/api/accounts/{shop}/", {"nickname": "小店", "password": "a-long-password"})
    ask("PUT", f"/api/shops/{number}/", {"account": shop, "name": "小店"})
    questions = [{"number": 1, "question": "包邮吗", "answer": "本店全场包邮"}]
    ask("PUT", f"/api/shops/{number}/questions/", {"questions": questions})


def token(account: str) -> str:
    """What the shop's app is handed, so that it signs in without a password."""
    return ask("POST", f"/api/accounts/{account}/tokens/", {"minutes": 30})["token"]


def upload(chat_token: str, picture: bytes) -> str:
    """What an app does with a picture before it sends it."""
    signed_in = {"Authorization": f"Bearer {chat_token}"}
    files = {"file": ("picture.png", picture)}
    answer = requests.post(
        f"{address}/api/uploads/", headers=signed_in, data={"kind": "image"}, files=files, timeout=30
    )
    return answer.json()["data"]["url"]


def say(socket: ClientConnection, query: str, **data: object) -> dict:
    """Send a query, and hear what answers it."""
    socket.send(json.dumps({"query": query, "data": data, "seq": query}))
    return hear(socket, seq=query)


def hear(socket: ClientConnection, **wanted: str) -> dict:
    """The next frame that has these values."""
    frames = (json.loads(text) for text in socket)
    return next(frame for frame in frames if all(frame.get(name) == value for name, value in wanted.items()))


threading.Thread(target=HTTPServer(("127.0.0.1", int(port)), Hooks).serve_forever, daemon=True).start()
provision("example-shop", 4711, "example-customer")
place = address.replace("http", "ws", 1) + "/ws"
with connect(place) as customer, connect(place) as shop:
    say(customer, "login", token=token("example-customer"))
    say(shop, "login", token=token("example-shop"))
    url = upload(token("example-customer"), PICTURE)
    say(customer, "send", account="example-shop", message={"type": "img", "content": url})
    print("the shop hears:", hear(shop, query="user_message")["data"]["message"]["type"])
    message = {"type": "txt", "content": "您的订单已发货"}
    sent = ask("POST", "/api/shops/4711/messages/", {"account": "example-customer", "message": message})
    print("the customer hears:", hear(customer, query="user_message")["data"]["message"]["content"])
    while (event := events.get())["data"]["message_id"] != sent["message_id"]:
        pass
    print("the webhook tells:", event["type"], event["data"]["message"]["content"])
