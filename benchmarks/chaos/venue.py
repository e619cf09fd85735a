"""An exchange for one scene: it fails as it is told to, moves as it is told to, and knows what is true."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.chaos.actors.stage import SYMBOL
from surefoot.exchange.assembly import assemble
from surefoot.exchange.core.commands import Fill, OrderSnapshot, Place, Placed
from surefoot.exchange.faults import Fault, Rule, Where
from surefoot.exchange.liquidity.house import House
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import ExchangeServer
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, TimeInForce
from surefoot.testing.thread import ServerThread
from surefoot.world import system_world

_PRICE = 60_000
_BTC = 10**8
_OFFERED, _WANTED, _A_FILL = 10 * _BTC, _BTC, _BTC // 1000


class Venue:
    """The exchange, and alice, whose client is under test. Its methods may be called from any thread."""

    def __init__(self, server: ExchangeServer, thread: ServerThread) -> None:
        self._server, self._thread = server, thread
        self._house = thread.call(lambda: House(server.engine, SYMBOL))
        self._alice = server.accounts[0]

    @property
    def where(self) -> dict[str, Any]:
        """What an actor is told: the addresses, and alice's keys."""
        server, alice = self._server, self._alice
        return {
            "rest": server.rest_url,
            "ws": server.ws_url,
            "ws_api": server.ws_api_url,
            "api_key": alice.api_key,
            "secret": alice.secret.reveal(),
            "ed25519_api_key": alice.ed25519_api_key,
            "ed25519_private_key": alice.ed25519_private_key.reveal(),
        }

    def fail(self, fault: Fault, where: Where | str = "", *, times: int | None = 1, **when: Any) -> int:
        """Put a fault in force; returns its number."""
        rule = Rule(fault, where=where, times=times, **when)
        return self._thread.call(lambda: self._server.faults.add(rule))

    def struck(self, number: int) -> int:
        """How often a fault struck."""
        return self._thread.call(lambda: self._server.faults.struck[number])

    def offer(self) -> None:
        """Somebody offers a lot at a price that alice pays."""
        self._do(lambda now_us: self._house.quote(now_us, Side.SELL, *self._size(_OFFERED)))

    def want(self) -> None:
        """Alice bids for a lot, so that there is something to fill."""
        order = Place(
            account=self._alice.name,
            symbol=SYMBOL,
            side=Side.BUY,
            type=OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity=_WANTED,
            price=_PRICE * _BTC,
            prevention=SelfTradePreventionMode.NONE,
        )
        placed = self._do(lambda now_us: self._server.engine.place(now_us, order))
        assert isinstance(placed, Placed), placed

    def fill(self) -> None:
        """Fill a little of what alice bids for."""
        self._do(lambda now_us: self._house.take(now_us, Side.SELL, *self._size(_A_FILL)))

    def orders(self) -> tuple[OrderSnapshot, ...]:
        """All of alice's orders that there ever were."""
        return self._thread.call(lambda: self._server.engine.all_orders(self._alice.name, SYMBOL))

    def fills(self) -> tuple[Fill, ...]:
        """All of alice's fills."""
        return self._thread.call(lambda: self._server.engine.trades(self._alice.name, SYMBOL))

    def step_clock(self, by_ms: float) -> float:
        """The exchange's clock jumps; returns how far it is ahead then."""

        def stepped() -> float:
            self._server.clock.step(by_ms)
            return self._server.clock.skew_ms

        return self._thread.call(stepped)

    def shut_down(self, lead_ms: float) -> None:
        """Everybody is told `serverShutdown`, and disconnected later; returns at once."""
        self._thread.call(lambda: self._server.outages.shut_down(lead_ms))

    def _size(self, quantity: int) -> tuple[int, int]:
        listing = self._house.listing
        return _PRICE * _BTC // listing.tick, quantity // listing.step

    def _do(self, act: Any) -> Any:
        def done() -> Any:
            result = act(self._server.now_us())
            self._server.front.settle(self._server.now_us())
            return result

        return self._thread.call(done)


@contextmanager
def venue(*, ahead_ms: float = 0) -> Iterator[Venue]:
    """An exchange with empty books, its clock so far ahead."""
    server = assemble(system_world(), symbols=(SYMBOL,), liquidity=Liquidity.NONE, clock_skew_ms=ahead_ms)
    thread = ServerThread(server)
    thread.start()
    try:
        yield Venue(server, thread)
    finally:
        thread.stop()
