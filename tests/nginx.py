"""nginx as `deploy/` configures it, in front of servers that tests have started."""

import shutil
import ssl
from pathlib import Path
from string import Template
from typing import Any

from websockets.asyncio.client import connect

from tests.client import PATIENCE, Client
from tests.pages import Page, fetch
from tests.redis_services import make_certificate
from tests.services import ROOT, ChatServer, Program, free_port, temporary_folder

CONFIGURATION = ROOT / "deploy" / "nginx"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def missing_for_nginx() -> str:
    """What keeps `Nginx` from being started here; empty if nothing does."""
    return " and ".join(program for program in ("nginx", "openssl") if shutil.which(program) is None)


class Nginx:
    """Ends TLS for the servers, with the shipped files; only their places are those of the test."""

    def __init__(self, servers: list[ChatServer]) -> None:
        self.folder = temporary_folder("nginx")
        self.folder.chmod(0o755)
        self.static = self.folder / "static"
        self.static.mkdir()
        self.http_port, self.https_port = free_port(), free_port()
        certificate, key = make_certificate(self.folder)
        values = {
            "SERVER_NAME": "localhost",
            "HTTP_PORT": f"127.0.0.1:{self.http_port}",
            "HTTPS_PORT": f"127.0.0.1:{self.https_port}",
            "CERTIFICATE": str(certificate),
            "CERTIFICATE_KEY": str(key),
            "STATIC_ROOT": str(self.static),
            "CHAT_SERVERS": " ".join(f"server 127.0.0.1:{server.port};" for server in servers),
        }
        sites = self.folder / "conf.d"
        sites.mkdir()
        template = Template((CONFIGURATION / "chat.conf.template").read_text())
        (sites / "chat.conf").write_text(template.safe_substitute(values))
        file = self.folder / "nginx.conf"
        file.write_text(self._in_this_folder((CONFIGURATION / "nginx.conf").read_text()))
        self.trust = ssl.create_default_context(cafile=certificate)
        command = ["nginx", "-p", str(self.folder), "-e", "stderr", "-c", str(file)]
        self.program = Program([*command, "-g", "daemon off;"], "start worker process ")

    def _in_this_folder(self, text: str) -> str:
        """The main file with the places to which it writes moved here."""
        for place in ("/var/log/nginx/access.log", "/var/run/nginx.pid", "/etc/nginx/conf.d"):
            text = text.replace(place, str(self.folder / Path(place).name))
        temporary = "".join(f"    {name}_temp_path {self.folder / name};\n" for name in TEMPORARY)
        return text.replace("http {\n", f"http {{\n{temporary}").replace(
            "/var/log/nginx/error.log warn", "stderr notice"
        )

    @property
    def url(self) -> str:
        return f"wss://localhost:{self.https_port}/ws"

    @property
    def pages(self) -> str:
        return f"https://localhost:{self.https_port}"

    def fetch(self, path: str, **options: Any) -> Page:
        """One request over TLS."""
        return fetch(self.pages + path, trust=self.trust, **options)

    def stop(self) -> None:
        self.program.stop()
        shutil.rmtree(self.folder)


class TlsClient(Client):
    """A client of nginx's, from an address of its own on this machine if need be."""

    def __init__(self, nginx: Nginx, address: str = "127.0.0.1", headers: dict[str, str] | None = None) -> None:
        super().__init__(nginx.url)
        self._trust, self._address, self._headers = nginx.trust, address, headers

    async def __aenter__(self) -> "TlsClient":
        self._socket = await connect(
            self.url,
            ssl=self._trust,
            local_addr=(self._address, 0),
            host="127.0.0.1",
            additional_headers=self._headers,
            open_timeout=PATIENCE,
        )
        return self
