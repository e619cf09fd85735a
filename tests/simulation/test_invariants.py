"""Each invariant holds where it should and speaks where it should."""

from decimal import Decimal as D

import pytest

from surefoot.exchange.core.commands import Place
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import SCALE, default_exchange_info, listing_from_exchange_info
from surefoot.simulation import invariants
from surefoot.simulation.view import Fate, Fill, View
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, TimeInForce
from surefoot.world import SeededEntropy

NOW_US = 1_767_225_600_000_000


@pytest.fixture
def engine() -> Engine:
    listings = [
        listing_from_exchange_info(row)
        for row in default_exchange_info()["symbols"]
        if row["symbol"] == "BTCUSDT"
    ]
    engine = Engine(
        listings, entropy=SeededEntropy(1), now_us=NOW_US, last_prices={"BTCUSDT": 60_000 * SCALE}
    )
    engine.open_account("alice", {"BTC": 10 * SCALE, "USDT": 1_000_000 * SCALE})
    return engine


def place(engine: Engine, side: Side) -> None:
    order = Place(
        account="alice",
        symbol="BTCUSDT",
        side=side,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=SCALE // 100,
        price=60_000 * SCALE,
        prevention=SelfTradePreventionMode.NONE,
    )
    engine.place(NOW_US, order)


def truth(engine: Engine) -> View:
    view = View()
    for held in engine.balances("alice"):
        view.balances[held.asset] = (invariants.decimal(held.free), invariants.decimal(held.locked))
    for fill in engine.trades("alice", "BTCUSDT"):
        view.fills.add(
            Fill(
                fill.trade_id,
                fill.order_id,
                invariants.decimal(fill.price),
                invariants.decimal(fill.qty),
                invariants.decimal(fill.commission),
                fill.commission_asset,
            )
        )
    return view


def test_conservation(engine: Engine) -> None:
    place(engine, Side.BUY)
    place(engine, Side.SELL)
    assert list(invariants.conservation(engine)) == []
    engine.ledger.wallet("alice", "BTC").free += 1
    assert len(list(invariants.conservation(engine))) == 1


def test_fills(engine: Engine) -> None:
    place(engine, Side.BUY)
    place(engine, Side.SELL)
    view = truth(engine)
    assert len(view.fills) == 2
    assert list(invariants.fills(view, engine, "alice")) == []
    lost = view.fills.pop()
    view.fills.add(Fill(1, 1, D(1), D(1), D(0), "BTC"))
    said = list(invariants.fills(view, engine, "alice"))
    assert len(said) == 2
    assert str(lost.trade_id) in said[0]
    assert "never was" in said[1]


def test_balances(engine: Engine) -> None:
    view = truth(engine)
    assert list(invariants.balances(view, engine, "alice")) == []
    place(engine, Side.BUY)
    said = list(invariants.balances(view, engine, "alice"))
    assert [("believes" in one, "locked without" in one) for one in said] == [(True, False), (False, True)]


def test_rest(engine: Engine) -> None:
    assert list(invariants.rest(engine, "alice")) == []
    place(engine, Side.BUY)
    assert len(list(invariants.rest(engine, "alice"))) == 1


@pytest.mark.parametrize(
    ("fate", "entered", "complaints"),
    [
        (Fate.ACCEPTED, {"a": 1}, 0),
        (Fate.FOUND, {"a": 1}, 0),
        (Fate.REFUSED, {}, 0),
        (Fate.ABSENT, {}, 0),
        (Fate.ACCEPTED, {}, 1),
        (Fate.REFUSED, {"a": 1}, 1),
        (Fate.ABSENT, {"a": 1}, 1),
        (Fate.UNKNOWN, {"a": 1}, 1),
        (Fate.ACCEPTED, {"a": 2}, 1),
        (Fate.ACCEPTED, {"a": 1, "stranger": 1}, 1),
    ],
)
def test_orders(fate: Fate, entered: dict[str, int], complaints: int) -> None:
    view = View()
    view.fates["a"] = fate
    assert len(list(invariants.orders(view, entered))) == complaints


@pytest.mark.parametrize(
    ("crossed", "stale", "limited", "complaints"),
    [
        ({"a": 1}, {}, {}, 0),
        ({"a": 2}, {"a": 1}, {}, 0),
        ({"a": 2}, {}, {}, 1),
        ({"a": 3}, {"a": 3}, {}, 1),
        ({"a": 4}, {"a": 1}, {"a": 2}, 0),
        ({"a": 4}, {}, {"a": 2}, 1),
        ({"a": 9}, {}, {"a": 8}, 1),
        ({"a": 2}, {"b": 1}, {}, 1),
    ],
)
def test_resending(
    crossed: dict[str, int], stale: dict[str, int], limited: dict[str, int], complaints: int
) -> None:
    assert len(list(invariants.resending(crossed, stale, limited))) == complaints


def test_entries_are_what_enters() -> None:
    witness = invariants.Entries()
    witness.send(b'{"subscriptionId":0,"event":{"e":"executionReport","x":"NEW","c":"a"}}')
    witness.send(b'{"subscriptionId":0,"event":{"e":"executionReport","x":"TRADE","c":"a"}}')
    witness.send(b'{"subscriptionId":0,"event":{"e":"outboundAccountPosition"}}')
    assert witness.entered == {"a": 1}
