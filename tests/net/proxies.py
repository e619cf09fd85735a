"""Small proxies on real sockets: they carry bytes once they were asked as their RFCs say."""

import asyncio
from base64 import b64encode

from tests.net.wires import peer

USER, PASSWORD = "ann", "open sesame:/"


class Gate:
    """A proxy of one kind whose every name is loopback; `asked` is where it was told to connect. With
    `locked` it wants `USER`.
    """

    def __init__(self, kind: str, *, locked: bool = False) -> None:
        self.kind, self.locked = kind, locked
        self.asked: list[str] = []

    def url(self, port: int, user: str = USER, password: str = "open%20sesame%3A%2F") -> str:
        return f"{self.kind}://{user}:{password}@127.0.0.1:{port}" if self.locked else self.bare(port)

    def bare(self, port: int) -> str:
        return f"{self.kind}://127.0.0.1:{port}"

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host_port = await (self._connect if self.kind == "http" else self._socks5)(reader, writer)
        if host_port is None:
            writer.close()
            return
        self.asked.append("{}:{}".format(*host_port))
        there, back = await asyncio.open_connection("127.0.0.1", host_port[1])
        writer.write(
            b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n"
            if self.kind == "http"
            else b"\5\0\0\1\x7f\0\0\1\0\7"
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(_carry(reader, back))
            group.create_task(_carry(there, writer))

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[str, int] | None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        verb, target, version = head.split("\r\n")[0].split(" ")
        assert (verb, version) == ("CONNECT", "HTTP/1.1")
        assert f"Host: {target}" in head.split("\r\n")
        wanted = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.locked and f"Proxy-Authorization: Basic {wanted}" not in head.split("\r\n"):
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return None
        host, _, port = target.rpartition(":")
        return host, int(port)

    async def _socks5(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[str, int] | None:
        version, count = await reader.readexactly(2)
        assert version == 5
        offered = await reader.readexactly(count)
        choice = 2 if self.locked else 0
        if choice not in offered:
            writer.write(b"\5\xff")
            return None
        writer.write(bytes([5, choice]))
        if self.locked:
            _, length = await reader.readexactly(2)
            user = (await reader.readexactly(length)).decode()
            (length,) = await reader.readexactly(1)
            password = (await reader.readexactly(length)).decode()
            good = (user, password) == (USER, PASSWORD)
            writer.write(b"\1\0" if good else b"\1\1")
            if not good:
                return None
        assert await reader.readexactly(3) == b"\5\1\0"
        (kind,) = await reader.readexactly(1)
        if kind == 3:
            (length,) = await reader.readexactly(1)
            host = (await reader.readexactly(length)).decode()
        else:
            assert kind == 1
            host = ".".join(str(number) for number in await reader.readexactly(4))
        return host, int.from_bytes(await reader.readexactly(2), "big")


def opened(gate: Gate):  # type: ignore[no-untyped-def]
    """The gate on a port of its own."""
    return peer(gate)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
    except ConnectionError:
        pass
    finally:
        writer.transport.abort()
