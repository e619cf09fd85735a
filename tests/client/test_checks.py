"""Orders checked by both clients against a running exchange."""

import asyncio
import itertools
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from surefoot import errors
from surefoot.client.aio import AsyncClient
from surefoot.client.blocking import Client
from surefoot.client.call import call, run_blocking
from surefoot.client.catalogue import DOUBTED_MS, FRESH_MS, USABLE_MS
from surefoot.client.rulebook import rules_of
from surefoot.exchange.core.listing import default_exchange_info
from surefoot.rules.outcomes import Said
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.general import GetExchangeInfo
from surefoot.spot.order_list_oco import NewOco
from surefoot.spot.trade import NewOrder
from surefoot.telemetry.observations import Noted, RequestSent
from surefoot.wire import Lost
from tests.client.street import Place
from tests.client.test_call import ORDER, Tape, stage

WISH = NewOrder(
    symbol="BTCUSDT",
    side=Side.BUY,
    type=OrderType.LIMIT,
    time_in_force=TimeInForce.GTC,
    quantity=Decimal("0.00123456"),
    price=Decimal("50000.128"),
)


def asked(tape: Tape) -> list[str]:
    return [each.path for each in tape.heard if isinstance(each, RequestSent) and "time" not in each.path]


async def test_a_session_checks_as_its_client_does(place: Place) -> None:
    async with AsyncClient(place.environment, place.hmac) as spot, spot.session() as session:
        assert await session.check(WISH) == await spot.check(WISH)
        assert (await session.rules("BTCUSDT")).symbol == "BTCUSDT"
        assert repr(session) == f"ApiSession(local, key …{place.hmac.key_tail}, connected)"


async def test_check_corrects_and_says_what_it_met(place: Place) -> None:
    """RULES-3, RULES-4: exchangeInfo is asked for once; the corrected order passes."""
    tape = Tape()
    async with AsyncClient(place.environment, place.hmac, sink=tape) as spot:
        checked = await spot.check(WISH)
        assert (checked.order.quantity, checked.order.price) == (Decimal("0.00123"), Decimal("50000.12"))
        assert [each.field for each in checked.changes] == ["price", "quantity"]
        assert checked.met[0].bound == "≥ 0.01, ≤ 1000000, step 0.01"
        assert (checked.weight, checked.weight_on_success, checked.order_count) == (1, 0, 1)
        assert {"PERCENT_PRICE_BY_SIDE", "MAX_NUM_ORDERS", "INSUFFICIENT_BALANCES"} <= {
            each.filter for each in checked.skipped
        }
        await spot.check(WISH)
        assert asked(tape) == ["/api/v3/exchangeInfo"]
        placed = await spot.send(checked.order)
        assert placed.orig_qty == Decimal("0.00123")


async def test_a_snapshot_leaves_nothing_unjudged(place: Place) -> None:
    """RULES-2: balances, open orders, prices, the account's own filters."""
    async with AsyncClient(place.environment, place.hmac) as spot:
        known = await spot.snapshot("BTCUSDT", everywhere=True)
        checked = await spot.check(WISH, known)
        assert checked.skipped == ()
        assert {each.filter for each in checked.met} >= {
            "MAX_NUM_ORDERS",
            "NOTIONAL",
            "INSUFFICIENT_BALANCES",
        }
        assert checked.closing is not None
        assert checked.closing.possible
        too_much = msgspec.structs.replace(WISH, side=Side.SELL, quantity=Decimal(101))
        with pytest.raises(errors.FilterViolation) as caught:
            await spot.check(too_much, known)
        assert caught.value.filter == "INSUFFICIENT_BALANCES"


async def test_what_the_exchange_would_refuse_is_refused_here(place: Place) -> None:
    tape = Tape()
    async with AsyncClient(place.environment, place.hmac, sink=tape) as spot:
        with pytest.raises(errors.FilterViolation) as caught:
            await spot.check(msgspec.structs.replace(WISH, quantity=Decimal("0.00001")))
        error = caught.value
        assert (error.filter, error.field, error.bound) == ("NOTIONAL", "quantity", Decimal(5))
        assert error.nearest == Decimal("0.0001")
        with pytest.raises(errors.FilterViolation, match="PRICE_FILTER"):
            await spot.check(WISH, rounding=False)
        with pytest.raises(errors.Misuse, match="did you mean BTCUSDT"):
            await spot.check(msgspec.structs.replace(WISH, symbol="BTCUSDC"))
        with pytest.raises(errors.Misuse, match="GetExchangeInfo"):
            await spot.check(GetExchangeInfo())
        assert (await spot.rules("BTCUSDT")).base == "BTC"
        assert asked(tape) == ["/api/v3/exchangeInfo"]


async def test_many_checks_at_once_ask_once(place: Place) -> None:
    """RULES-4."""
    tape = Tape()
    async with AsyncClient(place.environment, place.hmac, sink=tape) as spot:
        await asyncio.gather(*(spot.check(WISH) for _ in range(20)))
    assert asked(tape) == ["/api/v3/exchangeInfo"]


async def test_lists_are_checked_too(place: Place) -> None:
    async with AsyncClient(place.environment, place.hmac) as spot:
        known = await spot.snapshot("BTCUSDT")
        assert known.last is not None
        oco = NewOco(
            symbol="BTCUSDT",
            side=Side.SELL,
            quantity=Decimal("0.00123456"),
            above_type=OrderType.LIMIT_MAKER,
            above_price=known.last * 2 + Decimal("0.001"),
            below_type=OrderType.STOP_LOSS,
            below_stop_price=known.last / 2,
        )
        checked = await spot.check(oco, known)
        assert {each.field for each in checked.changes} >= {"quantity", "above_price"}
        assert checked.order.quantity == Decimal("0.00123")
        assert checked.order_count == 2
        crossed = msgspec.structs.replace(checked.order, below_stop_price=known.last * 2)
        with pytest.raises(errors.FilterViolation) as caught:
            await spot.check(crossed, known)
        assert (caught.value.filter, caught.value.field) == ("OCO_BAD_PRICES", "below_stop_price")


async def test_the_blocking_client_checks_alike_and_starts_from_its_file(
    place: Place, tmp_path: Path
) -> None:
    """RULES-4: what one client has written the next one reads, and asks for nothing."""
    tape = Tape()

    def check() -> list[str]:
        with Client(place.environment, place.hmac, cache=tmp_path, sink=tape) as spot:
            known = spot.snapshot("BTCUSDT")
            tape.heard.clear()
            assert spot.check(WISH, known).order.quantity == Decimal("0.00123")
            assert spot.rules("BTCUSDT").quote == "USDT"
        return asked(tape)

    assert await asyncio.to_thread(check) == ["/api/v3/exchangeInfo"]
    assert await asyncio.to_thread(check) == []
    assert os.listdir(tmp_path) == ["exchange-info-local.json"]


INFO = Said(status=200, result=msgspec.json.encode(default_exchange_info()))
REFUSED = Said(status=400, code=-1013, message="Filter failure: LOT_SIZE")
DOWN = Lost(delivered=True, reason="cut")


def test_a_filter_that_refuses_has_the_rules_asked_for_again() -> None:
    """RULES-4."""
    wire, desk, tape, clock = stage(INFO, REFUSED, INFO)
    run_blocking(rules_of(wire, desk, "BTCUSDT"))
    clock.monotonic += DOUBTED_MS
    run_blocking(rules_of(wire, desk, "BTCUSDT"))
    assert len(asked(tape)) == 1
    with pytest.raises(errors.OrderRefused):
        run_blocking(call(wire, desk, ORDER))
    run_blocking(rules_of(wire, desk, "BTCUSDT"))
    assert asked(tape).count("/api/v3/exchangeInfo") == 2


def test_a_symbol_that_was_listed_since_is_found() -> None:
    listed: dict[str, Any] = default_exchange_info()
    listed["symbols"].append(listed["symbols"][0] | {"symbol": "NEWUSDT"})
    wire, desk, _, clock = stage(INFO, Said(status=200, result=msgspec.json.encode(listed)))
    run_blocking(rules_of(wire, desk, "BTCUSDT"))
    with pytest.raises(errors.Misuse, match="NEWUSDT"):  # asked for a moment ago: it is not there
        run_blocking(rules_of(wire, desk, "NEWUSDT"))
    clock.monotonic += DOUBTED_MS
    assert run_blocking(rules_of(wire, desk, "NEWUSDT")).symbol == "NEWUSDT"


def test_an_exchange_that_cannot_be_asked_leaves_the_rules_of_the_last_hour() -> None:
    """RULES-4: and it is told, and asked again only after a minute."""
    wire, desk, tape, clock = stage(INFO, *itertools.repeat(DOWN, 2))
    with pytest.raises(errors.Misuse):
        run_blocking(rules_of(wire, desk, "NOSUCH"))
    clock.monotonic += FRESH_MS
    for _ in range(3):
        assert run_blocking(rules_of(wire, desk, "BTCUSDT")).symbol == "BTCUSDT"
    notes = [each.text for each in tape.heard if isinstance(each, Noted)]
    assert len(notes) == 1
    assert "could not be renewed" in notes[0]
    clock.monotonic += USABLE_MS
    with pytest.raises(errors.NoAnswer):
        run_blocking(rules_of(wire, desk, "BTCUSDT"))
