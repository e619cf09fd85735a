"""Market streams on one connection: named at the beginning, and changed while it runs."""

import ssl
from collections.abc import Iterable, Sequence

import msgspec

from surefoot.client.aio.convergence import Bell, Convergence
from surefoot.client.aio.feeds import Callback, Route
from surefoot.client.aio.intake import intake
from surefoot.client.aio.line import Line
from surefoot.client.aio.market_socket import MarketSocket
from surefoot.client.aio.stream import EventStream
from surefoot.client.desk import Desk
from surefoot.client.roll_call import RollCall
from surefoot.client.rotation import Rotation
from surefoot.client.streams import State, SubscriptionEnded
from surefoot.client.subscriptions import Subscriptions
from surefoot.codec.stream_messages import target
from surefoot.codec.streams import EventDecoder, market_decoder
from surefoot.errors import CannotConnect, InvalidRequest, Misuse, NoAnswer
from surefoot.spot.events import Event
from surefoot.spot.streams import parse_stream
from surefoot.world import Entropy

_BAD_REQUEST = 400
_SHOWN = 3


class StreamOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a connection of market streams is opened and read.

    With `microseconds` the times of its events are in microseconds. `conflate` lets a slow reader get only
    the newest event of the kinds whose policy says so (`surefoot.client.streams.POLICIES`); otherwise
    everything is kept. `raw` connections carry one stream, without its name around every event. `capacity`
    counts the unread events at which the socket is read no more. `rotation` says when the connection is
    replaced by the next one.
    """

    microseconds: bool = False
    conflate: bool = True
    raw: bool = False
    capacity: int = 10_000
    rotation: Rotation = Rotation()

    def __post_init__(self) -> None:
        if self.capacity < 1:
            raise Misuse(f"capacity {self.capacity}: a queue holds 1 event at least")


class _Asking:
    """Somebody who waits until these streams are carried, and what was refused of them."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.refused: list[InvalidRequest] = []


class MarketStream(EventStream):
    """Market streams, as one asynchronous iterator of events; see `EventStream` for its life.

    `subscribe` and `unsubscribe` change what it carries; what it carries is subscribed again after every
    reconnection. The events of streams with a callback go there and not to the iteration, which then tells
    only `Gap`, `SubscriptionEnded` and what befell the connection; callbacks hear these too. A callback that
    raises ends its streams.
    """

    def __init__(
        self, *, desk: Desk, tls: ssl.SSLContext | None, entropy: Entropy, options: StreamOptions
    ) -> None:
        super().__init__(
            "market",
            self._open,
            desk=desk,
            entropy=entropy,
            capacity=options.capacity,
            microseconds=options.microseconds,
            rotation=options.rotation,
        )
        self.feeds.on_ended = self._ended
        self._tls, self._options = tls, options
        self._wishes, self._roll = Subscriptions(), RollCall()
        self._bell = Bell()
        self._doubtful = False
        self._refused_at_first: list[InvalidRequest] = []
        self._asking: list[_Asking] = []

    def __repr__(self) -> str:
        return f"MarketStream({_listed(self.names)}, {self.state})"

    @property
    def names(self) -> tuple[str, ...]:
        """The streams that every connection carries, in the order in which they were asked for."""
        return self._wishes.wanted

    def add(self, names: Iterable[str], callback: Callback | None, decode: EventDecoder | None) -> list[str]:
        """Carry these streams from the next connection on; raises `Misuse`."""
        read = [parse_stream(name) for name in names]
        texts = [name.text for name in read]
        if not read:
            raise Misuse("name at least one stream")
        if self._options.raw and len({*self.names, *texts}) > 1:
            raise Misuse("a raw connection carries one stream: its events do not say which they belong to")
        self._wishes.want(texts)
        for name in read:
            reader = decode or market_decoder(name)
            if callback is None:
                deliver = intake(self.inbox, name, conflate=self._options.conflate and decode is None)
                self.feeds.open(name.text, reader, deliver, own=decode is not None)
            else:
                self.feeds.call(name.text, reader, callback, own=decode is not None)
        return texts

    async def subscribe(
        self, *names: str, callback: Callback | None = None, decode: EventDecoder | None = None
    ) -> None:
        """Carry these streams too; returns once the exchange has acknowledged them.

        `decode` reads their payloads instead of surefoot's typed events; what it reads is all kept. Raises
        `Misuse` for names that there cannot be and for more than 1,024, `InvalidRequest` where the exchange
        refuses.
        """
        self.must_be_entered()
        texts = self.add(names, callback, decode)
        asking = _Asking(texts)
        self._asking.append(asking)
        try:
            await self._until_carried(texts)
        finally:
            self._asking.remove(asking)
        if asking.refused:
            raise asking.refused[0]

    async def unsubscribe(self, *names: str) -> None:
        """Carry these no more; returns once the exchange has acknowledged that. What was heard of them before
        may still be read. Raises `Misuse` for names that there cannot be.
        """
        self.must_be_entered()
        texts = [parse_stream(name).text for name in names]
        self._wishes.drop(texts)
        self.feeds.close(texts)
        await self._until_carried(texts)

    async def _until_carried(self, names: Iterable[str]) -> None:
        while not ((live := self._live()) and live.arrived(names)):
            if self.state is State.CLOSED:
                raise Misuse("the stream is closed")
            ring = self._bell.next
            self._ask()
            await ring.wait()

    def _live(self) -> Convergence | None:
        """The connection that delivers, while there is one."""
        carrier = self.reading.line.carrier if self.reading.line and self.state is State.LIVE else None
        return carrier if isinstance(carrier, Convergence) else None

    def _ask(self) -> None:
        live = self._live()
        if live is not None and not live.busy:
            self._tasks.create_task(_settle(live), name="subscribe")

    async def _open(self, line: Line) -> Convergence:
        """Name what fits in the target, ask for the rest; raises the first refusal where nobody has entered
        yet.
        """
        options, subscriptions = self._options, self._wishes.anew()
        names = subscriptions.begin(named=options.raw or not self._doubtful)
        raw = names[0] if options.raw and names else None
        market = MarketSocket(self._desk, self.feeds, line, raw=raw)
        where = target("", names, combined=not options.raw, microseconds=options.microseconds)
        try:
            opened = await market.open(where, self._tls)
        except CannotConnect as error:
            if self._running is None and error.facts.status == _BAD_REQUEST:
                text = f"the exchange refused {_listed(names)} (HTTP 400); are the symbols right?"
                raise InvalidRequest(text, error.facts) from None
            self._doubtful = error.facts.status == _BAD_REQUEST
            raise
        self._doubtful = False
        line.connected()
        self._roll = RollCall(self._roll)
        convergence = Convergence(
            subscriptions, market, roll=self._roll, refused=self._refused, changed=self._bell.ring
        )
        try:
            await convergence.settle()
            if self._running is None and self._refused_at_first:
                raise self._refused_at_first[0]
        except BaseException:
            opened.abort()
            raise
        return convergence

    def _refused(self, name: str, error: InvalidRequest) -> None:
        waiting = [asking for asking in self._asking if name in asking.names]
        for asking in waiting:
            asking.refused.append(error)
        if self._running is None:
            self._refused_at_first.append(error)
        elif not waiting:
            self.feeds.announce(SubscriptionEnded(names=(name,), reason=str(error)))
        self.feeds.close((name,))

    def _ended(self, names: tuple[str, ...]) -> None:
        self._wishes.drop(names)
        self._ask()

    def _turned(self) -> None:
        super()._turned()
        self._bell.ring()

    def _deliver(self, route: Route | None, event: Event) -> None:
        """What comes the long way: its route, or what befell the connection."""
        self._desk.teller.event(event)
        if route is None:
            self.feeds.announce(event)
        else:
            self.feeds.deliver(route, event)


async def _settle(live: Convergence) -> None:
    try:
        await live.settle()
    except NoAnswer:
        live.socket.abort()


def _listed(names: Sequence[str]) -> str:
    return ", ".join([*names[:_SHOWN], *("…" for _ in names[_SHOWN : _SHOWN + 1])])
