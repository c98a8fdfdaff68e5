"""A platform's server that hears webhooks, in a thread of the tests' process."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Hook:
    """One request as it arrived."""

    headers: dict[str, str]
    text: str

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.text)
        return body

    @property
    def name(self) -> str:
        return self.headers["webhook-id"]


class Receiver:
    """Answers 204, or what `answer` says: a status and headers. Use it as a context manager."""

    def __init__(self) -> None:
        self.heard: list[Hook] = []
        self.answer: Callable[[Hook], tuple[int, dict[str, str]]] = lambda hook: (204, {})
        self._news = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["content-length"])).decode()
                hook = Hook({name.lower(): value for name, value in self.headers.items()}, text)
                with receiver._news:
                    receiver.heard.append(hook)
                    receiver._news.notify_all()
                status, headers = receiver.answer(hook)
                self.send_response(status)
                for name, value in {**headers, "content-length": "0"}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *arguments: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks"

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, count: int, seconds: float = 20.0) -> list[Hook]:
        """What was heard, once there are so many."""
        with self._news:
            enough = self._news.wait_for(lambda: len(self.heard) >= count, seconds)
        assert enough, f"{count} were expected, {len(self.heard)} came: {[hook.body['type'] for hook in self.heard]}"
        return list(self.heard)
