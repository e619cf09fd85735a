"""Connections outwards on the running loop: straight, or through a proxy."""

import asyncio
import ssl
from collections.abc import Callable
from typing import TypeVar, cast

from surefoot.errors import CannotConnect
from surefoot.net.proxy import Proxy
from surefoot.net.tunnel import Tunnel, tunnel_to
from surefoot.wire import Origin

P = TypeVar("P", bound=asyncio.BaseProtocol)


async def dial(
    protocol_of: Callable[[], P], origin: Origin, *, tls: ssl.SSLContext | None, proxy: Proxy | None = None
) -> P:
    """A connected protocol; raises what the loop raises, and `CannotConnect` where the proxy refuses. It has
    no time limit of its own.
    """
    loop = asyncio.get_running_loop()
    if proxy is None:
        _, protocol = await loop.create_connection(protocol_of, origin.host, origin.port, ssl=tls)
        return protocol
    conversation = tunnel_to(origin, proxy)
    transport, talk = await loop.create_connection(lambda: _Talk(conversation, proxy), proxy.host, proxy.port)
    try:
        await talk.over
        if tls is not None:
            # not with the real protocol: it would hear of the end of a handshake that failed
            secured = await loop.start_tls(transport, talk, tls, server_hostname=origin.host)
            assert secured is not None
            transport = secured
        if talk.gone or transport.is_closing():
            raise ConnectionResetError("the proxy closed the connection")
        protocol = protocol_of()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
    except BaseException:
        transport.abort()
        raise
    return protocol


class _Talk(asyncio.Protocol):
    """Holds the conversation with the proxy; `over` once the way is open. `gone` when the connection is."""

    def __init__(self, conversation: Tunnel, proxy: Proxy) -> None:
        self._conversation, self._where = conversation, proxy.where
        self._transport: asyncio.Transport | None = None
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are transports by behaviour only
        self._transport.write(self._conversation.opening)

    def data_received(self, data: bytes) -> None:
        try:
            answer = self._conversation.feed(data)
        except CannotConnect as error:
            self._fail(error)
            return
        if answer and self._transport is not None:
            self._transport.write(answer)
        if self._conversation.done and not self.over.done():
            self.over.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        reason = f": {exc}" if exc else ""
        self._fail(CannotConnect(f"the proxy {self._where} closed the connection{reason}"))

    def _fail(self, error: CannotConnect) -> None:
        self.gone = True
        if not self.over.done():
            self.over.set_exception(error)
        if self._transport is not None:
            self._transport.abort()
