"""Clock, markets, weights and outages over the admin endpoint."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

import msgspec

from surefoot.errors import Misuse
from surefoot.exchange.admin.operation import Nothing, Operation
from surefoot.exchange.admin.running import Running
from surefoot.exchange.market_operations import exact
from surefoot.spot.enums import SymbolStatus

Status = Literal["TRADING", "HALT", "BREAK", "CANCEL_ONLY"]


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of an operation: what it does not know is refused."""


class SetClock(_Body, frozen=True):
    """What is given, in this order: how far ahead, a jump, and how much too fast."""

    skew_ms: float | None = None
    step_ms: float | None = None
    drift_ppm: float | None = None


class MoveMarket(_Body, frozen=True):
    """A symbol's trading status, its last price, or both (first the price)."""

    symbol: str
    status: Status | None = None
    price: Decimal | None = None


class Weigh(_Body, frozen=True):
    """What an operation costs: so many times as much, or exactly `cost`."""

    operation: str
    times: float = 1.0
    cost: int | None = None


class Close(_Body, frozen=True):
    """For so long, or until DELETE."""

    for_ms: float | None = None


class ShutDown(_Body, frozen=True):
    """How long after `serverShutdown` the connections end."""

    lead_ms: float = 0


class EndConnections(_Body, frozen=True):
    """Which WebSockets, and what becomes of them."""

    on: Literal["ws_api", "market"] | None = None
    how: Literal["reset", "close", "mute"] = "reset"


class Refuse(_Body, frozen=True):
    """For so long."""

    for_ms: float


def show_clock(server: Running, _: Nothing) -> Any:
    """What the clock says, and how wrong it is."""
    clock = server.clock
    return {"serverTime": clock.shown_us() // 1000, "skew_ms": clock.skew_ms, "drift_ppm": clock.drift_ppm}


def set_clock(server: Running, body: SetClock) -> Any:
    """Set, step or drift the clock."""
    for change, given in (
        (server.clock.set, body.skew_ms),
        (server.clock.step, body.step_ms),
        (server.clock.drift, body.drift_ppm),
    ):
        if given is not None:
            change(given)
    return show_clock(server, Nothing())


def show_markets(server: Running, _: Nothing) -> Any:
    """Status and last price of every symbol."""
    engine = server.front.desk.engine
    return {
        symbol: {"status": market.status, "price": _price(engine.last_price(symbol))}
        for symbol, market in engine.markets.items()
    }


def move_market(server: Running, body: MoveMarket) -> Any:
    """Move the last price, as a market that trades through, and halt or resume trading."""
    if body.price is not None:
        server.operations.trade_at(body.symbol, exact(body.price))
    if body.status is not None:
        server.operations.turn(body.symbol, SymbolStatus(body.status))
    return show_markets(server, Nothing()).get(body.symbol) or _unlisted(server, body.symbol)


def show_weights(server: Running, _: Nothing) -> Any:
    """Operations that cost something else than documented."""
    return server.front.weights.changed


def weigh(server: Running, body: Weigh) -> Any:
    """Let an operation cost something else from now on."""
    server.front.weights.change(body.operation, times=body.times, cost=body.cost)
    return show_weights(server, Nothing())


def reset_weights(server: Running, _: Nothing) -> Any:
    """Let everything cost what is documented."""
    server.front.weights.reset()
    return {}


def close(server: Running, body: Close) -> Any:
    """Begin a maintenance: 503 to everything, WebSockets cut."""
    server.outages.maintenance(body.for_ms)
    return {}


def reopen(server: Running, _: Nothing) -> Any:
    """End the maintenance."""
    server.outages.reopen()
    return {}


def shut_down(server: Running, body: ShutDown) -> Any:
    """Tell every WebSocket `serverShutdown`, and end it later; new connections are welcome at once."""
    return {"told": server.outages.shut_down(body.lead_ms)}


def end_connections(server: Running, body: EndConnections) -> Any:
    """Cut the WebSockets of now, or let them stay open in silence."""
    outages = server.outages
    ended = outages.mute(body.on) if body.how == "mute" else outages.cut(body.on, body.how)
    return {"connections": ended}


def refuse(server: Running, body: Refuse) -> Any:
    """Refuse new connections, those to the admin endpoint too."""
    server.refuse_connections(body.for_ms)
    return {}


def _price(amount: int | None) -> str | None:
    return None if amount is None else format(Decimal(amount).scaleb(-8), "f")


def _unlisted(server: Running, symbol: str) -> Any:
    known = ", ".join(server.front.desk.engine.markets)
    raise Misuse(f"symbol {symbol!r} is not listed here; there are {known}")


OPERATIONS: Mapping[str, Operation] = {
    "clock": Operation(Nothing, show_clock),
    "POST clock": Operation(SetClock, set_clock),
    "market": Operation(Nothing, show_markets),
    "POST market": Operation(MoveMarket, move_market),
    "weights": Operation(Nothing, show_weights),
    "POST weights": Operation(Weigh, weigh),
    "DELETE weights": Operation(Nothing, reset_weights),
    "POST maintenance": Operation(Close, close),
    "DELETE maintenance": Operation(Nothing, reopen),
    "POST shutdown": Operation(ShutDown, shut_down),
    "POST connections": Operation(EndConnections, end_connections),
    "POST connections/refuse": Operation(Refuse, refuse),
}
"""By the path below ``/admin/``."""
