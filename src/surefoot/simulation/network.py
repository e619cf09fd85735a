"""The in-memory network: hosts with names, links with weather, connections that can be cut.

Production code reaches it through ``loop.create_connection`` and ``loop.create_server``. Which host is
speaking is known from the context (`loop.LIFE`), which everything a host starts inherits.
"""

import asyncio
import socket
from collections.abc import Callable
from contextvars import Context, copy_context
from itertools import count
from typing import Any

from surefoot.errors import Misuse
from surefoot.simulation.listener import Listener
from surefoot.simulation.loop import LIFE, Life, ProtocolFactory, VirtualLoop
from surefoot.simulation.trace import Trace
from surefoot.simulation.transport import NoSocket, Transport
from surefoot.simulation.wire import Link, Weather, Wire
from surefoot.world import Entropy

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SYN_RETRIES_S = (1, 2, 4, 8, 16, 32, 64)  # Linux, tcp_syn_retries = 6
_NOWHERE = Life("outside", 0)


class Connection:
    """Two ends and the two wires between them. `asked_s` is when somebody began to connect."""

    def __init__(self, number: int, there: Wire, back: Wire, asked_s: float) -> None:
        self.number = number
        self.asked_s = asked_s
        self.there = there
        self.back = back
        self.client: Transport | None = None
        self.server: Transport | None = None
        there.cut = back.cut = self.cut

    @property
    def ends(self) -> list[Transport]:
        """The ends that exist and are not lost."""
        return [end for end in (self.client, self.server) if end is not None and not end.lost]

    def cut(self) -> None:
        """Tear it down: what is on its way is lost, both ends learn it a moment later."""
        self.there.note("cut")
        for wire in (self.there, self.back):
            wire.break_off()
        for end in self.ends:
            end.incoming.loop.call_later(end.incoming.link.delay_s(), end.reset, context=end.context)

    def break_silently(self) -> None:
        """Nothing passes any more, and nobody is told."""
        self.there.note("vanish")
        for wire in (self.there, self.back):
            wire.break_off()

    def between(self, one: str, other: str) -> bool:
        """Whether it connects these two hosts."""
        return {one, other} == {self.there.link.source, self.there.link.target}


Tap = Callable[[Connection, Transport, bytes], bool]
"""Sees each write before it leaves; False swallows it."""

Ear = Callable[[Connection], object]
"""Is told when bytes have been handed to the receiver."""


class Network:
    """Hosts, links, listeners and connections of one run. `tap` sees every write first (faults are there),
    `ear` is told of every arrival.
    """

    def __init__(self, trace: Trace, dice: Entropy, weather: Weather | None = None) -> None:
        self.trace = trace
        self.connections: dict[int, Connection] = {}
        self.refusing: set[str] = set()
        self.tap: Tap = lambda _connection, _sender, _data: True
        self.ear: Ear = bool
        self._dice = dice
        self._weather = weather or Weather()
        self._links: dict[tuple[str, str], Link] = {}
        self._hosts: dict[str, str] = {}
        self._listeners: dict[tuple[str, int], Listener] = {}
        self._numbers = count(1)
        self._ports = count(49_152)

    def add_host(self, name: str) -> str:
        """Make a host known; returns its address."""
        return self._hosts.setdefault(name, f"10.0.0.{len(self._hosts) + 1}")

    def lookup(self, host: str) -> str:
        """The address of a host, as DNS would; raises ``socket.gaierror`` for unknown names."""
        return self._hosts[self._named(host)]

    def link(self, source: str, target: str) -> Link:
        """The one-way link between two hosts."""
        if (source, target) not in self._links:
            self._links[source, target] = Link(source, target, self._weather, self._dice)
        return self._links[source, target]

    def cut(self, one: str, other: str) -> None:
        """Cut every connection between two hosts."""
        for connection in list(self.connections.values()):
            if connection.between(one, other):
                connection.cut()

    def heal(self) -> None:
        """End every silence and every refusal."""
        self.refusing.clear()
        for link in self._links.values():
            link.speak()

    def drop_host(self, host: str, *, silently: bool) -> None:
        """The processes of a host are gone; their peers see resets, or (power loss) nothing at all."""
        self._listeners = {at: listener for at, listener in self._listeners.items() if at[0] != host}
        for connection in list(self.connections.values()):
            dying = [end for end in connection.ends if end.outgoing.link.source == host]
            for end in dying:
                end.lost = True
            if dying:
                connection.break_silently() if silently else connection.cut()
                self._forget(connection)

    def open_ends(self, host: str) -> list[str]:
        """The connections that `host` has not ended, in words."""
        return [
            f"connection #{connection.number} to {end.outgoing.link.target}"
            for connection in self.connections.values()
            for end in connection.ends
            if end.outgoing.link.source == host
        ]

    def listen(self, factory: ProtocolFactory, host: str | None, port: int) -> Listener:
        """Listen on the running host; loopback addresses are reachable from that host alone."""
        name = _here().host
        port = port or next(self._ports)
        if self._hosts.get(name) is None:
            raise Misuse("create_server outside of a host: start it with Host.start")
        if (name, port) in self._listeners:
            raise OSError(
                98, f"error while attempting to bind on address ({host!r}, {port}): address already in use"
            )
        address = "127.0.0.1" if host in _LOOPBACK else self._hosts[name]
        listener = Listener(
            factory, (address, port), copy_context(), lambda: self._listeners.pop((name, port), None)
        )
        self._listeners[name, port] = listener
        return listener

    async def connect(self, factory: ProtocolFactory, host: str, port: int) -> tuple[Any, Any]:
        """Connect from the running host; raises the OSErrors of real sockets."""
        source, target = _here().host, self._named(host)
        there, back = self.link(source, target), self.link(target, source)
        asked_s = _loop().time()
        await self._reach(there, back, host, port)
        await asyncio.sleep(there.delay_s())
        listener = self._listeners.get((target, port))
        if listener is None or target in self.refusing or (listener.local_only and source != target):
            self.trace.add(_loop().time(), "refused", 0, (source, target))
            await asyncio.sleep(back.delay_s())
            raise ConnectionRefusedError(111, f"Connect call failed ({host!r}, {port})")
        return await self._open(factory, listener, there, back, asked_s)

    async def _reach(self, there: Link, back: Link, host: str, port: int) -> None:
        for wait_s in _SYN_RETRIES_S:
            if not (there.silent or back.silent):
                return
            await asyncio.sleep(wait_s)
        raise TimeoutError(110, f"Connect call failed ({host!r}, {port})")

    async def _open(
        self, factory: ProtocolFactory, listener: Listener, there: Link, back: Link, asked_s: float
    ) -> tuple[Any, Any]:
        loop = _loop()
        answer_s = loop.time() + back.delay_s()
        connection = self._lay(listener, there, back, answer_s, asked_s)
        client, server = connection.client, connection.server
        assert client is not None
        assert server is not None
        loop.call_soon(listener.accept, server, context=server.context)
        try:
            await asyncio.sleep(answer_s - loop.time())
            protocol = factory()
            client.context.run(client.begin, protocol)
        except BaseException:
            client.abort()
            raise
        return client, protocol

    def _lay(
        self, listener: Listener, there: Link, back: Link, answer_s: float, asked_s: float
    ) -> Connection:
        loop, number = _loop(), next(self._numbers)
        connection = Connection(
            number, Wire(loop, there, number, self.trace), Wire(loop, back, number, self.trace), asked_s
        )
        connection.back.on_delivered = lambda: self.ear(connection)
        connection.there.note("connect")
        here = (self._hosts.get(there.source, "10.255.255.1"), next(self._ports))
        connection.client = self._end(
            connection, client=True, context=copy_context(), name=here, peer=listener.address
        )
        connection.server = self._end(
            connection, client=False, context=listener.context.copy(), name=listener.address, peer=here
        )
        connection.there.join(connection.client, connection.server, 0)
        connection.back.join(connection.server, connection.client, answer_s)
        self.connections[number] = connection
        return connection

    def _end(
        self,
        connection: Connection,
        *,
        client: bool,
        context: Context,
        name: tuple[str, int],
        peer: tuple[str, int],
    ) -> Transport:
        wires = (connection.back, connection.there) if client else (connection.there, connection.back)
        extra = {"peername": peer, "sockname": name, "socket": NoSocket(name, peer)}
        end = Transport(*wires, context, lambda sender, data: self._write(connection, sender, data), extra)
        end.on_lost = lambda: self._forget(connection)
        return end

    def _write(self, connection: Connection, sender: Transport, data: bytes) -> None:
        if self.tap(connection, sender, data):
            sender.outgoing.send(data)

    def _forget(self, connection: Connection) -> None:
        if not connection.ends:
            self.connections.pop(connection.number, None)
            connection.there.break_off()
            connection.back.break_off()

    def _named(self, host: str) -> str:
        if host in _LOOPBACK:
            return _here().host
        for name, address in self._hosts.items():
            if host in {name, address}:
                return name
        raise socket.gaierror(socket.EAI_NONAME, f"Name or service not known: {host!r}")


def _here() -> Life:
    return LIFE.get() or _NOWHERE


def _loop() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop
