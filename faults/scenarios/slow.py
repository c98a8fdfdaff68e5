"""`slow-reader`: two clients stop reading while they are written to. One reads on when it is late, the other never."""

import asyncio
import json
import socket as sockets
import time
from itertools import count

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench import processes
from chat.protocol.closing import CloseCode
from faults import stages
from faults.crowd import Crowd
from faults.journal import Level
from faults.options import Options
from faults.report import Report
from tests.services import ChatServer
from tests.world import PASSWORD, World

DEAF, LATE = "deaf", "late"
WRITERS = {DEAF: "writer-to-deaf", LATE: "writer-to-late"}
"""They have an app of their own, so that what they say is no part of the crowd's journal."""
LETTER = "x" * 4900
AT_A_TIME = 20
PAUSE = 0.1
"""Seconds between these."""
MORE_THAN_FITS = 1500
"""Letters for which outbox and socket buffers together have no room."""
MOST_MEMORY = 60 * 2**20
"""Bytes by which a server may grow for two clients that read nothing."""
CUT_OFF = 120.0
"""Seconds in which a client that reads nothing must be gone."""


def run(options: Options, report: Report) -> None:
    for kind in options.of(("daphne", "uvicorn"), ("uvicorn",)):
        with stages.embedded(kind, CHAT_OUTBOX_FRAMES="200") as deployment:
            world = World(deployment.alias)
            world.accounts(*WRITERS, *WRITERS.values())
            correspondence = Correspondence(deployment.servers[0], world.appid)

            async def trouble(crowd: Crowd, correspondence: Correspondence = correspondence) -> None:
                await correspondence.be_read(options.of(60.0, 0.0))
                await correspondence.go_on(options.of(130.0, 60.0), or_until_told=options.smoke)
                crowd.journal.levels.append(correspondence.memory)

            journal = asyncio.run(stages.play(deployment, options, trouble))
            row = {"cut off after s": correspondence.cut_off, "late one closed with": correspondence.late_code}
            row["grown MiB"] = round((correspondence.memory.after - correspondence.memory.before) / 2**20)
            report.judge(kind, journal, **row)
            gone = correspondence.cut_off is not None and correspondence.cut_off <= CUT_OFF
            # The short form does not wait for it.
            report.expect(gone or options.smoke, f"{kind}: the client that reads nothing was not cut off")
            told = correspondence.late_code == CloseCode.TOO_SLOW
            report.expect(told, f"{kind}: the client that reads late was closed with {correspondence.late_code}")


class Correspondence:
    """Long letters to two who do not read them, and what comes of it."""

    def __init__(self, server: ChatServer, app: str) -> None:
        self.cut_off: int | None = None
        """Seconds after which the deaf one's connection was gone."""
        self.late_code: int | None = None
        """With what the late one was closed, which it hears once it reads on."""
        self.memory = Level("memory with deaf clients", 0, 0, MOST_MEMORY)
        self._server = server
        self._app = app

    async def be_read(self, seconds: float) -> None:
        """Write for so long to sockets that read, so that what the database keeps in memory has grown before."""
        readers = [await self._signed_in(name) for name in WRITERS]
        working = [self._flood(name) for name in WRITERS] + [_hear(reader) for reader in readers]
        tasks = [asyncio.create_task(work) for work in working]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for reader in readers:
            reader.transport.abort()

    async def go_on(self, seconds: float, *, or_until_told: bool) -> None:
        """Write for so long, perhaps only until the late one was told why it is closed."""
        pid = self._server.program.process.pid
        deaf, late = await self._signed_in(DEAF), await self._signed_in(LATE)
        port = deaf.local_address[1]
        self.memory.before = self.memory.after = processes.resident_bytes([pid])
        writing = [asyncio.create_task(self._flood(DEAF)), asyncio.create_task(self._flood(LATE, late))]
        began = time.monotonic()
        try:
            while time.monotonic() < began + seconds:
                await asyncio.sleep(0.5)
                self.memory.after = max(self.memory.after, processes.resident_bytes([pid]))
                if self.cut_off is None and not _is_connected(port):
                    self.cut_off = round(time.monotonic() - began)
                if or_until_told and self.late_code is not None:
                    break
        finally:
            for task in writing:
                task.cancel()
            await asyncio.gather(*writing, return_exceptions=True)
            for client in (deaf, late):
                client.transport.abort()

    async def _signed_in(self, name: str) -> ClientConnection:
        """A socket from which nothing is read unless somebody asks, not even pings."""
        raw = sockets.socket()
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", self._server.port))
        client = await connect(self._server.url, sock=raw, compression=None, max_queue=1, ping_interval=None)
        data = {"account": name, "password": PASSWORD}
        await client.send(json.dumps({"appid": self._app, "query": "login", "data": data}))
        while '"login"' not in str(await client.recv()):
            pass
        return client

    async def _flood(self, name: str, reader: ClientConnection | None = None) -> None:
        """Letters to one account, some at a time; the reader reads on when there is no room for more of them."""
        letter = {"query": "send", "data": {"account": name, "message": {"type": "txt", "content": LETTER}}}
        client = await self._signed_in(WRITERS[name])
        try:
            for number in count(0, AT_A_TIME):
                for _ in range(AT_A_TIME):
                    await client.send(json.dumps(letter))
                receipts = 0
                while receipts < AT_A_TIME:
                    receipts += '"sync_read"' in str(await client.recv())
                if number >= MORE_THAN_FITS and reader is not None:
                    self.late_code, reader = await _read_on(reader), None
                await asyncio.sleep(PAUSE)
        finally:
            client.transport.abort()


async def _hear(client: ClientConnection) -> None:
    while True:
        await client.recv()


async def _read_on(client: ClientConnection) -> int:
    """Read whatever there is; with what the connection was closed in the end."""
    try:
        async with asyncio.timeout(CUT_OFF):
            while True:
                await client.recv()
    except ConnectionClosed:
        return client.close_code or 0


def _is_connected(port: int) -> bool:
    """Whether a server still holds a connection from that port, established or half closed."""
    with open("/proc/net/tcp") as table:
        lines = [line.split() for line in table.readlines()[1:]]
    return any(int(fields[2].rpartition(":")[2], 16) == port and fields[3] in ("01", "08") for fields in lines)
