"""A TCP proxy that does harm, between a program and an exchange: on real sockets and in virtual time alike.

What an exchange does wrong is told to the exchange (`surefoot.exchange.faults`); what a street does wrong,
here: bytes late, in pieces, dammed up, swallowed; connections refused, ended or torn down in the middle of a
request. Rules say which connection, or which words on it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Literal, Self

import msgspec

from surefoot.errors import Misuse
from surefoot.net.line import never_linger

Way = Literal["there", "back"]
"""`there`: what the program says; `back`: what it is answered."""

_CHUNK = 65_536
_QUEUED_MOST = 256
_REMEMBERED = 1_000
_TACT_S = 0.05  # dammed up bytes come so often


class Delay(msgspec.Struct, frozen=True):
    """From now on bytes arrive `ms` later, both ways; 0 is no harm at all, so that a rule only watches."""

    ms: float = 0


class Throttle(msgspec.Struct, frozen=True):
    """From now on no more than so many bytes a second pass, each way."""

    bytes_per_s: float


class Split(msgspec.Struct, frozen=True):
    """From now on bytes arrive in pieces of `size`, `pause_ms` apart."""

    size: int = 1
    pause_ms: float = 1


class Swallow(msgspec.Struct, frozen=True):
    """From the words on nothing passes any more, and nobody is told: a half-open connection."""

    way: Way | Literal["both"] = "both"


class Cut(msgspec.Struct, frozen=True):
    """The connection ends: `before` the words are passed on, right `after`, or at the first byte of the
    `answer`, which nobody gets. The program reads a reset, or an end (`close`).
    """

    when: Literal["before", "after", "answer"] = "before"
    how: Literal["reset", "close"] = "reset"


Harm = Delay | Throttle | Split | Swallow | Cut


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One harm, where and how often: on connections that are opened, or (`words`) where these bytes pass.

    `connection` is the one that is meant, counted from 1; the first `skip` occasions pass, and at most
    `times` of the others are struck (None: all).
    """

    harm: Harm
    words: bytes = b""
    way: Way = "there"
    connection: int | None = None
    skip: int = 0
    times: int | None = 1


class Strike(msgspec.Struct, frozen=True):
    """A rule struck a connection."""

    rule: Rule
    connection: int


class FaultProxy:
    """``async with FaultProxy("127.0.0.1", 9000) as proxy``: listens on `proxy.port`, passes everything on.

    `strikes` are the latest; `told` is called with each, before the harm is done. Connections that are open
    when a rule is added are struck by its words.
    """

    def __init__(self, to_host: str, to_port: int, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.host, self.port = host, port
        self.strikes: deque[Strike] = deque(maxlen=_REMEMBERED)
        self.told: Callable[[Strike], object] = bool
        self.connections = 0
        self.refusing = False
        self._to = (to_host, to_port)
        self._rules: list[_Active] = []
        self._passages: set[_Passage] = set()
        self._group = asyncio.TaskGroup()

    def add(self, rule: Rule) -> None:
        """Put it in force; raises `Misuse` for one that could never strike."""
        if isinstance(rule.harm, Throttle | Split) and _amount(rule.harm) <= 0:
            raise Misuse(f"{rule.harm}: above 0")
        self._rules.append(_Active(rule))

    def clear(self) -> None:
        """Take all rules back; what they did to connections stays."""
        self._rules.clear()

    def cut(self) -> int:
        """Reset every connection now; returns how many there were."""
        count = len(self._passages)
        for passage in tuple(self._passages):
            passage.end("reset")
        return count

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        self._server = await asyncio.start_server(self._accepted, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        await self._group.__aexit__(None, None, None)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.refusing:
            _end(writer, "reset")
        else:
            self._group.create_task(self._pass_on(_Passage(self, self.connections), reader, writer))

    async def _pass_on(
        self, passage: "_Passage", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._passages.add(passage)
        passage.ends.append(writer)
        passage.meet(self.struck(passage, None, b""))
        try:
            if passage.is_over:
                return
            back, there = await asyncio.open_connection(*self._to)
        except OSError:
            passage.end("reset")
        else:
            passage.ends.append(there)
            await passage.carry((reader, there), (back, writer))
        finally:
            passage.end("close")
            self._passages.discard(passage)

    def struck(self, passage: "_Passage", way: Way | None, data: bytes, old: int = 0) -> list[Harm]:
        """What strikes a connection now: at its beginning (`way` None), or by the words in `data`, of which
        the `old` first bytes were looked at before.
        """
        found: list[Harm] = []
        for active in self._rules:
            if active.strikes(passage.number, way, data, old):
                strike = Strike(active.rule, passage.number)
                self.strikes.append(strike)
                self.told(strike)
                found.append(active.rule.harm)
        return found

    @property
    def longest_words(self) -> int:
        """How long the longest words are that are looked for."""
        return max((len(active.rule.words) for active in self._rules), default=0)


class _Active:
    """A rule in force, and what it has counted."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._seen = self._struck = 0

    def strikes(self, connection: int, way: Way | None, data: bytes, old: int) -> bool:
        rule, words = self.rule, self.rule.words
        if way != (rule.way if words else None) or rule.connection not in {None, connection}:
            return False
        if words and data.find(words, max(0, old - len(words) + 1)) < 0:
            return False
        self._seen += 1
        if self._seen <= rule.skip or self._struck == rule.times:
            return False
        self._struck += 1
        return True


class _Passage:
    """One connection through the proxy, and what was done to it so far."""

    def __init__(self, proxy: FaultProxy, number: int) -> None:
        self.number = number
        self.ends: list[asyncio.StreamWriter] = []
        self._proxy = proxy
        self._delay_s = 0.0
        self._byte_s = 0.0
        self._split = Split(_CHUNK, 0)
        self.is_over = False
        self._swallows: set[Way] = set()
        self._cut: Cut | None = None

    async def carry(self, *lanes: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        """Pass on, both ways, until the connection is over."""
        ways: tuple[Way, Way] = ("there", "back")
        async with asyncio.TaskGroup() as group:
            for way, (reader, writer) in zip(ways, lanes, strict=True):
                queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_QUEUED_MOST)
                group.create_task(self._read(way, reader, queue))
                group.create_task(self._write(way, queue, writer))

    def end(self, how: Literal["reset", "close"]) -> None:
        """Both sides are told."""
        self.is_over = True
        for writer in self.ends:
            _end(writer, how)

    def meet(self, harms: list[Harm]) -> None:
        """These are done to it from now on."""
        for harm in harms:
            match harm:
                case Delay():
                    self._delay_s = harm.ms / 1000
                case Throttle():
                    self._byte_s = 1 / harm.bytes_per_s
                    self._split = Split(max(1, int(harm.bytes_per_s * _TACT_S)), 0)
                case Split():
                    self._split = harm
                case Swallow():
                    self._swallows |= {"there", "back"} if harm.way == "both" else {harm.way}
                case Cut():
                    self._cut = harm
        if self._cut is not None and self._cut.when == "before":
            self.end(self._cut.how)

    async def _read(
        self, way: Way, reader: asyncio.StreamReader, queue: "asyncio.Queue[tuple[float, bytes]]"
    ) -> None:
        loop, tail = asyncio.get_running_loop(), b""
        while data := await _next(reader):
            if self._cut is not None and way == "back":  # it was to be cut at the answer
                self.end(self._cut.how)
            seen = tail + data
            self.meet(self._proxy.struck(self, way, seen, len(tail)))
            tail = seen[max(0, len(seen) - self._proxy.longest_words + 1) :]
            if self.is_over:
                break
            if way not in self._swallows:
                await queue.put((loop.time() + self._delay_s, data))
        await queue.put((loop.time() + self._delay_s, b""))

    async def _write(
        self, way: Way, queue: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due_s, data = await queue.get()
            await asyncio.sleep(max(0.0, due_s - loop.time()))
            if not data or self.is_over:
                break
            try:
                await self._send(data, writer)
            except OSError:
                self.end("reset")
            if self._cut is not None and self._cut.when == "after" and way == "there":
                _end(self.ends[0], self._cut.how)  # and no reset there: it would take back what was passed on
                break
        if way not in self._swallows:
            _end(writer, "close")

    async def _send(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        size = self._split.size
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(self._byte_s * len(piece) + (self._split.pause_ms / 1000))


async def _next(reader: asyncio.StreamReader) -> bytes:
    """What comes next; nothing at the end, however it came."""
    try:
        return await reader.read(_CHUNK)
    except OSError:
        return b""


def _end(writer: asyncio.StreamWriter, how: Literal["reset", "close"]) -> None:
    if how == "close":
        writer.close()
        return
    never_linger(writer.transport)
    writer.transport.abort()


def _amount(harm: Throttle | Split) -> float:
    return harm.size if isinstance(harm, Split) else harm.bytes_per_s
