"""Frames as they come over the wire: in pieces, several at once, of every length, or broken."""

import json
from collections.abc import Sequence

from websockets.frames import Frame, Opcode

from tests.case import SocketTest
from tests.client import Client


def frame(payload: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    """A frame as a client sends it."""
    return Frame(opcode, payload, fin).serialize(mask=True)


def asking(seq: int, size: int = 0) -> bytes:
    """A query that a stranger may not ask, of that size at least."""
    return json.dumps({"query": "users", "seq": seq, "x": ""}).encode().ljust(size)


class FramesTest(SocketTest):
    deployments = ("daphne", "uvicorn")

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.client = await self.connect()

    def write(self, data: bytes, client: Client | None = None) -> None:
        (client or self.client).socket.transport.write(data)

    async def assert_answered(self, seqs: Sequence[int]) -> None:
        self.assertEqual([(await self.client.next()).get("seq") for _ in seqs], list(seqs))


class FramesOfAllKinds(FramesTest):
    async def test_several_in_one_piece_are_answered_in_order(self) -> None:
        self.write(b"".join(frame(asking(seq, 100 * seq)) for seq in range(1, 6)))
        await self.assert_answered(range(1, 6))

    async def test_a_message_to_somebody_known_does_not_overtake_what_was_asked_before(self) -> None:
        self.world.accounts("User1", "User2")
        client = await self.signed_in("User1")
        await client.tell("User2", "在吗")
        data = {"account": "User2", "message": {"type": "txt", "content": "还有货吗"}}
        for seq in range(1, 11, 2):
            asked = ({"query": "users", "seq": seq}, {"query": "send", "seq": seq + 1, "data": data})
            self.write(b"".join(frame(json.dumps(query).encode()) for query in asked), client)
        self.assertEqual([(await client.next()).get("seq") for _ in range(10)], list(range(1, 11)))

    async def test_cut_anywhere(self) -> None:
        other = await self.connect()
        three = frame(asking(1)) + frame(asking(2, 150)) + frame(asking(3))
        for cut in range(1, len(three), 5):
            self.write(three[:cut])
            # Once the other socket is answered, the server has read what this one wrote before.
            await other.ask("users")
            self.write(three[cut:])
            await self.assert_answered((1, 2, 3))

    async def test_of_each_length_that_is_written_differently(self) -> None:
        sizes = (124, 125, 126, 127, 65_535, 65_536)
        self.write(b"".join(frame(asking(size, size)) for size in sizes))
        await self.assert_answered(sizes)

    async def test_a_text_in_fragments_with_a_ping_between_them(self) -> None:
        text = asking(2)
        self.write(
            frame(asking(1))
            + frame(text[:9], fin=False)
            + frame(b"", Opcode.PING)
            + frame(text[9:12], Opcode.CONT, fin=False)
            + frame(text[12:], Opcode.CONT)
            + frame(asking(3))
        )
        await self.assert_answered((1, 2, 3))

    async def test_an_empty_text_and_a_binary_frame_between_others(self) -> None:
        self.write(frame(asking(1)) + frame(b"") + frame(b"\x00", Opcode.BINARY) + frame(asking(2)))
        answers = [await self.client.next() for _ in range(4)]
        self.assertEqual([answer.get("seq") for answer in answers], [1, None, None, 2])
        self.assertEqual(answers[2]["reason"], "binary_frame")

    async def test_letters_of_every_length(self) -> None:
        for text in ("é", "亲", "😀"):
            self.write(frame(json.dumps({"query": "login", "seq": text}, ensure_ascii=False).encode()))
            self.assertEqual((await self.client.next()).get("seq"), text)


class WhatBreaksTheWebSocketProtocol(FramesTest):
    async def assert_closes(self, data: bytes, code: int) -> None:
        client = await self.connect()
        self.write(data, client)
        self.assertEqual(await client.closed(), code)

    async def test_text_that_is_not_utf_8(self) -> None:
        for broken in (b"\xff", b"\xed\xa0\x80", "亲".encode()[:2], b"x" * 200 + b"\x80"):
            with self.subTest(broken[-3:]):
                await self.assert_closes(frame(broken), 1007)

    async def test_a_frame_without_a_mask(self) -> None:
        await self.assert_closes(Frame(Opcode.TEXT, asking(1)).serialize(mask=False), 1002)

    async def test_reserved_bits(self) -> None:
        sound = frame(asking(1))
        await self.assert_closes(bytes([sound[0] | 0x40]) + sound[1:], 1002)

    async def test_a_new_text_within_another(self) -> None:
        await self.assert_closes(frame(b"{", fin=False) + frame(asking(1)), 1002)
