"""A shop platform's back end and two of its apps in one: accounts are made, they talk, and a picture is sent.

Needs `pip install requests websockets`, and an app key with all scopes: python shop.py http://127.0.0.1:8000 ck_…
"""

import asyncio
import base64
import json
import sys

import requests
from websockets.asyncio.client import ClientConnection, connect

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP8z4AdMOEQH6QSAM1BAQ/oQeJvAAAAAElFTkSuQmCC"
)


class Chat:
    """The chat's HTTP interface, for the shop's own server."""

    def __init__(self, address: str, key: str) -> None:
        self.address = address
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {key}"

    def ask(self, method: str, path: str, body: object = None) -> dict:
        """The answer to a request; what is refused raises, with the problem's code."""
        answer = self.http.request(method, self.address + path, json=body, timeout=30)
        if not answer.ok:
            raise SystemExit(f"{method} {path}: {answer.json()['code']}")
        return answer.json()

    def provision(self, shop: str, number: int, customer: str) -> None:
        """The same as often as you like: nothing changes the second time."""
        self.ask("PUT", f"/api/accounts/{customer}/", {"nickname": "张三"})
        self.ask("PUT", f"/api/accounts/{shop}/", {"nickname": "小店", "password": "a-long-password"})
        self.ask("PUT", f"/api/shops/{number}/", {"account": shop, "name": "小店"})
        questions = [{"number": 1, "question": "包邮吗", "answer": "本店全场包邮"}]
        self.ask("PUT", f"/api/shops/{number}/questions/", {"questions": questions})

    def token(self, account: str) -> str:
        """What the shop's app is handed, so that it signs in without a password."""
        return self.ask("POST", f"/api/accounts/{account}/tokens/", {"minutes": 30})["token"]


def upload(address: str, token: str, picture: bytes) -> str:
    """What an app does with a picture before it sends it."""
    answer = requests.post(
        f"{address}/api/uploads/",
        headers={"Authorization": f"Bearer {token}"},
        data={"kind": "image"},
        files={"file": ("picture.png", picture)},
        timeout=30,
    ).json()
    return answer["data"]["url"]


async def ask(socket: ClientConnection, query: str, **data: object) -> dict:
    """Send a query, and hear what answers it."""
    await socket.send(json.dumps({"query": query, "data": data, "seq": query}))
    return await hear(socket, seq=query)


async def hear(socket: ClientConnection, **wanted: str) -> dict:
    """The next frame that has these values."""
    async for text in socket:
        frame = json.loads(text)
        if all(frame.get(name) == value for name, value in wanted.items()):
            return frame
    raise SystemExit("the socket was closed")


async def main(address: str, key: str) -> None:
    chat = Chat(address, key)
    chat.provision("example-shop", 4711, "example-customer")
    token = chat.token("example-customer")
    url = upload(address, token, PICTURE)
    place = address.replace("http", "ws", 1) + "/ws"
    async with connect(place) as customer, connect(place) as shop:
        await ask(customer, "login", token=token)
        await ask(shop, "login", token=chat.token("example-shop"))
        await ask(customer, "send", account="example-shop", message={"type": "img", "content": url})
        print("the shop hears:", (await hear(shop, query="user_message"))["data"]["message"]["type"])
        message = {"type": "txt", "content": "您的订单已发货"}
        chat.ask("POST", "/api/shops/4711/messages/", {"account": "example-customer", "message": message})
        print("the customer hears:", (await hear(customer, query="user_message"))["data"]["message"]["content"])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
