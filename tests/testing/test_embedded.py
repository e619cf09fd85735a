"""The exchange that people's own tests start: blocking, in coroutines, several at once."""

import asyncio
import threading
from decimal import Decimal

import pytest

import surefoot
import surefoot.testing
from surefoot import OrderStatus, OrderType, Side, TimeInForce, errors
from surefoot.credentials import Credentials
from surefoot.exchange.assembly import assemble
from surefoot.exchange.server import Binding
from surefoot.spot.events import BalanceUpdate, ExecutionReport
from surefoot.testing import EmbeddedExchange
from surefoot.values import Secret
from surefoot.world import system_world
from tests.conftest import KeyPair


def test_a_blocking_client_and_a_moved_price() -> None:
    with surefoot.testing.exchange("BTCUSDT") as exchange:
        key = exchange.open_account(USDT=10_000)
        with surefoot.Client(exchange.environment, key) as client:
            assert {row.asset: row.free for row in client.account().balances} == {"USDT": Decimal(10_000)}
            assert client.depth("BTCUSDT").bids == ()
            order = client.new_order(
                "BTCUSDT",
                Side.BUY,
                OrderType.LIMIT,
                time_in_force=TimeInForce.GTC,
                quantity="0.1",
                price="60000",
            )
            assert order.status is OrderStatus.NEW
            exchange.trade_at("BTCUSDT", "59999.5")
            assert client.order("BTCUSDT", order_id=order.order_id).status is OrderStatus.FILLED
            assert client.price_ticker("BTCUSDT").price == Decimal("59999.5")


async def test_the_fixture_in_coroutines(exchange: EmbeddedExchange) -> None:
    """The plugin's fixture; two accounts trade with each other, and one hears of it."""
    ann = exchange.open_account(USDT="10000.5", BTC=1)
    ben = exchange.open_account(BTC=1, key="HMAC")
    async with (
        surefoot.connect(exchange.environment, ann) as buyer,
        surefoot.connect(exchange.environment, ben) as seller,
        buyer.user_data() as events,
    ):
        for client, side in ((seller, Side.SELL), (buyer, Side.BUY)):
            await client.new_order(
                "BTCUSDT",
                side,
                OrderType.LIMIT,
                time_in_force=TimeInForce.GTC,
                quantity="0.01",
                price="50000",
            )
        async for event in events:
            if isinstance(event, ExecutionReport) and event.status is OrderStatus.FILLED:
                break


def test_a_halt(exchange: EmbeddedExchange) -> None:
    key = exchange.open_account(USDT=1_000)

    def buy(client: surefoot.Client) -> OrderStatus | str:
        return client.new_order(
            "BTCUSDT",
            Side.BUY,
            OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity="0.001",
            price="50000",
        ).status

    with surefoot.Client(exchange.environment, key) as client:
        exchange.halt("BTCUSDT")
        with pytest.raises(errors.Refused, match="Market is closed"):
            buy(client)
        exchange.resume("BTCUSDT")
        assert buy(client) is OrderStatus.NEW


def test_two_are_strangers_and_a_seed_makes_the_same_keys() -> None:
    with surefoot.testing.exchange(seed=7) as one, surefoot.testing.exchange(seed=7) as two:
        keys = [each.open_account(USDT=1).api_key.reveal() for each in (one, two)]
        assert keys[0] == keys[1]
        assert one.environment != two.environment
    with surefoot.testing.exchange() as other:
        assert other.open_account(USDT=1).api_key.reveal() != keys[0]
        stranger = surefoot.Client(other.environment, one_key(keys[0]))
        with stranger as client, pytest.raises(errors.NotAuthorized):
            client.account()


def one_key(text: str) -> Credentials:
    return Credentials(environment="local", api_key=Secret(text), secret=Secret("x"))


def test_liquidity_is_off_unless_it_is_asked_for() -> None:
    with (
        surefoot.testing.exchange("BTCUSDT", liquidity="quiet", seed=1) as exchange,
        surefoot.Client(exchange.environment) as client,
    ):
        assert len(client.depth("BTCUSDT").bids) >= 20


def test_an_rsa_key(exchange: EmbeddedExchange, rsa_pair: KeyPair) -> None:
    key = exchange.open_account(USDT=1)
    made = Credentials(
        environment="local",
        api_key=Secret(exchange.register_key(key, rsa_pair.public)),
        private_key=Secret(rsa_pair.private),
    )
    with surefoot.Client(exchange.environment, made) as client:
        assert client.account().balances[0].free == 1
    with pytest.raises(errors.Misuse, match="belong to no account"):
        exchange.register_key(one_key("stranger"), rsa_pair.public)


def test_it_ends_with_open_connections_and_is_then_closed() -> None:
    """Whoever still listens is told; no thread is left."""
    before = threading.active_count()
    exchange = surefoot.testing.exchange()
    key = exchange.open_account(USDT=1)

    async def listen() -> None:
        async with surefoot.connect(exchange.environment, key) as client, client.user_data():
            await asyncio.to_thread(exchange.close)

    asyncio.run(listen())
    exchange.close()
    assert threading.active_count() == before
    with pytest.raises(errors.Misuse, match="this exchange is closed"):
        exchange.open_account(USDT=1)


async def test_money_comes_and_goes(exchange: EmbeddedExchange) -> None:
    key = exchange.open_account(USDT=10)
    async with surefoot.connect(exchange.environment, key) as client, client.user_data() as events:
        exchange.deposit(key, USDT="2.5", BTC=1)
        exchange.withdraw(key, USDT=12)
        deltas = []
        async for event in events:
            if isinstance(event, BalanceUpdate):
                deltas.append((event.asset, event.balance_delta))
            if len(deltas) == 3:
                break
        assert deltas == [("USDT", Decimal("2.5")), ("BTC", 1), ("USDT", -12)]
        balances = {row.asset: row.free for row in (await client.account()).balances}
    assert balances == {"USDT": Decimal("0.5"), "BTC": 1}
    with pytest.raises(errors.Misuse):
        exchange.withdraw(key, USDT=1)
    with pytest.raises(errors.Misuse, match="belong to no account"):
        exchange.deposit(one_key("stranger"), USDT=1)


def test_what_cannot_be(exchange: EmbeddedExchange) -> None:
    with pytest.raises(errors.Misuse, match="key='RSA': Ed25519 or HMAC"):
        exchange.open_account(key="RSA")  # type: ignore[arg-type]
    with pytest.raises(errors.Misuse, match="liquidity='wild': none, quiet, lively, storm"):
        surefoot.testing.exchange(liquidity="wild")  # type: ignore[arg-type]
    assert repr(exchange) == f"EmbeddedExchange({exchange.environment.rest})"
    with pytest.raises(errors.Misuse, match="unknown symbol NONE"):
        surefoot.testing.exchange("NONE")
    with pytest.raises(errors.Misuse, match="float"):
        exchange.open_account(USDT=0.1)  # type: ignore[arg-type]
    with pytest.raises(errors.Misuse, match="USTD: no symbol here trades it; what about USDT"):
        exchange.open_account(USTD=1)
    with pytest.raises(errors.Misuse, match="USTD: no symbol here trades it"):
        exchange.deposit(exchange.open_account(), USTD=1)
    with pytest.raises(errors.Misuse, match="USDT: -1 is less than nothing"):
        exchange.open_account(USDT=-1)
    with pytest.raises(errors.Misuse, match="does not fit 8 decimals"):
        exchange.open_account(USDT="0.000000001")
    with pytest.raises(errors.Misuse, match="its tick is"):
        exchange.trade_at("BTCUSDT", "1.001")
    with pytest.raises(errors.Misuse, match="'NONE' is not listed"):
        exchange.halt("NONE")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        surefoot.testing.nothing  # noqa: B018


def used_up(client: surefoot.Client) -> bool:
    """Read until there is no room left."""
    try:
        with surefoot.spending(patience_ms=0):
            while True:
                client.depth("BTCUSDT", limit=5)
    except errors.HeldBack:
        return True


def test_a_port_that_is_given_away_again_carries_no_budget_of_the_exchange_before() -> None:
    """Somebody may still hold the client of the exchange that listened there before."""
    few = [{"rateLimitType": "REQUEST_WEIGHT", "interval": "DAY", "intervalNum": 1, "limit": 400}]
    with (
        surefoot.testing.exchange("BTCUSDT", limits=few) as before,
        surefoot.Client(before.environment) as old,
    ):
        assert used_up(old)
        before.close()
        same = Binding(port=int(before.environment.rest.rsplit(":", 1)[1]))
        with (
            EmbeddedExchange(assemble(system_world(), limits=few, binding=same)) as after,
            surefoot.Client(after.environment) as new,
            surefoot.spending(patience_ms=0),
        ):
            assert after.environment.rest == before.environment.rest
            new.depth("BTCUSDT", limit=5)
            assert new.budget.used["1m"][0] == 5
            assert old.budget.used["1m"][0] > 5
