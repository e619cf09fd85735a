"""One direction of one simulated connection, and the link whose weather it shares with others."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from surefoot.simulation.trace import Trace
from surefoot.world import Entropy

if TYPE_CHECKING:
    from surefoot.simulation.transport import Transport

_MTU_BYTES = 1460
_TICK_S = 1e-6
_JOIN_S = 0.002


class Weather(msgspec.Struct, frozen=True, kw_only=True):
    """How a run's network behaves: one-way latency and its jitter in milliseconds; how often (0 to 1) a write
    is split into several segments, and how often a segment is joined to the next one."""

    latency_ms: float = 1.0
    jitter_ms: float = 0.5
    split: float = 0.0
    join: float = 0.0


class Link:
    """The street from one host to another: its weather, and whether it is silent.

    Silence holds what is sent, as TCP's retransmission does; `speak` delivers it late, in order. With
    ``forget=True`` the connections that wrote into the silence are reset instead.
    """

    def __init__(self, source: str, target: str, weather: Weather, dice: Entropy) -> None:
        self.source = source
        self.target = target
        self.silent = False
        self.weather = weather
        self.dice = dice
        self._waiting: list[Wire] = []

    def delay_s(self) -> float:
        """One draw of the one-way latency, in seconds."""
        return (self.weather.latency_ms + self.weather.jitter_ms * self.dice.uniform()) / 1000

    def silence(self) -> None:
        """From now on nothing arrives."""
        self.silent = True

    def speak(self, *, forget: bool = False) -> None:
        """End the silence."""
        self.silent = False
        waiting, self._waiting = self._waiting, []
        for wire in waiting:
            wire.release(forget=forget)

    def remember(self, wire: "Wire") -> None:
        """`wire` holds something that waits for the silence to end."""
        if wire not in self._waiting:
            self._waiting.append(wire)


class Wire:
    """One direction of one connection: bytes in order, late, in pieces; held while its link is silent.

    `sent`, `delivered` and `unread` count bytes: written, handed to the receiver, not yet taken by it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, link: Link, number: int, trace: Trace) -> None:
        self.loop = loop
        self.link = link
        self.number = number
        self.unread = self.sent = self.delivered = 0
        self.on_delivered: Callable[[], object] = bool
        self.cut: Callable[[], None] | None = None
        self._trace = trace
        self._sender: Transport | None = None
        self._receiver: Transport | None = None
        self._dead = False
        self._last_s = 0.0
        self._carry = bytearray()
        self._held: list[Callable[[], None]] = []

    def join(self, sender: "Transport", receiver: "Transport", not_before_s: float) -> None:
        """Name the two ends; nothing arrives before `not_before_s`."""
        self._sender, self._receiver = sender, receiver
        self._last_s = not_before_s

    def send(self, data: bytes) -> None:
        """Bytes, on their way."""
        self.unread += len(data)
        self.sent += len(data)
        self._or_hold("data", data, lambda: self._split(data))

    def send_end(self) -> None:
        """The end of the bytes (FIN)."""
        self._or_hold("end", b"", lambda: self._schedule(self._arrive_end))

    def send_reset(self) -> None:
        """The end of the connection (RST)."""
        self._or_hold("reset", b"", lambda: self._schedule(self._arrive_reset))

    def send_cut(self) -> None:
        """When what was sent so far has arrived, the connection is cut."""
        self._or_hold("data", b"", lambda: self._schedule(self._arrive_cut))

    def break_off(self) -> None:
        """Nothing that is on its way arrives any more."""
        self._dead = True

    def consumed(self, size: int) -> None:
        """The receiver has taken `size` bytes."""
        self.unread -= size
        sender = self._sender
        if sender is not None and sender.awaits_room() and not self._dead:
            self.loop.call_soon(sender.taken, context=sender.context)

    def release(self, *, forget: bool) -> None:
        """The silence is over: what was held leaves now, or the connection is torn down."""
        held, self._held = self._held, []
        if forget and self.cut is not None:
            self.cut()
        elif not self._dead:
            for go in held:
                go()

    def note(self, kind: str, data: bytes = b"") -> None:
        """Write one line of the trace about this direction."""
        self._trace.add(self.loop.time(), kind, self.number, (self.link.source, self.link.target), data)

    def _or_hold(self, kind: str, data: bytes, go: Callable[[], None]) -> None:
        if self._dead:
            return
        if not self.link.silent:
            go()
            return
        self.note(f"held {kind}", data)
        self._held.append(go)
        self.link.remember(self)

    def _split(self, data: bytes) -> None:
        weather, dice = self.link.weather, self.link.dice
        while len(data) > 1 and dice.uniform() < weather.split:
            size = 1 + int(dice.uniform() * min(len(data) - 1, _MTU_BYTES))
            piece, data = data[:size], data[size:]
            self._schedule(self._arrive, piece)
        self._schedule(self._arrive_late if dice.uniform() < weather.join else self._arrive, data)

    def _schedule(self, arrive: Callable[..., None], *args: bytes) -> None:
        """Strictly later than what was scheduled before: TCP keeps the order, whatever the latency."""
        receiver = self._receiver
        self._last_s = max(self.loop.time() + self.link.delay_s(), self._last_s + _TICK_S)
        context = None if receiver is None else receiver.context
        self.loop.call_at(self._last_s, arrive, *args, context=context)

    def _arrive_late(self, data: bytes) -> None:
        """Wait a moment for the next segment, to be read together with it."""
        self._carry += data
        self.loop.call_later(_JOIN_S, self._flush)

    def _arrive(self, data: bytes) -> None:
        self._carry += data
        self._flush()

    def _flush(self) -> None:
        data, receiver = bytes(self._carry), self._receiver
        self._carry.clear()
        if self._dead or receiver is None or not data:
            return
        self.note("data", data)
        if receiver.is_closing():
            receiver.outgoing.send_reset()
            return
        self.delivered += len(data)
        receiver.arrived(data)
        self.on_delivered()

    def _arrive_end(self) -> None:
        self._flush()
        if not self._dead and self._receiver is not None:
            self.note("end")
            self._receiver.arrived_end()

    def _arrive_reset(self) -> None:
        if not self._dead and self._receiver is not None:
            self.note("reset")
            self._receiver.reset()

    def _arrive_cut(self) -> None:
        self._flush()
        if not self._dead and self.cut is not None:
            self.cut()
