"""Events that no order causes: money and locks from outside, the end of a subscription."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import Misuse
from surefoot.exchange.assembly import assemble
from surefoot.exchange.core.commands import BalanceChange, BalanceUpdate, Effect, ExternalLock
from surefoot.exchange.core.ledger import Ledger
from surefoot.exchange.core.listing import SCALE
from surefoot.exchange.core.tape import ReferencePrice
from surefoot.exchange.core.treasury import Treasury
from surefoot.exchange.feeds.listeners import UserListener
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.render.amounts import MICROSECONDS, MILLISECONDS
from surefoot.exchange.render.events import account_position, balance_update
from surefoot.exchange.server import ExchangeServer
from surefoot.world import SeededEntropy, World, system_world
from tests.exchange.listening import USER_EVENTS, shape


class Followed:
    """An exchange that was not entered, and what alice and bob are told of it."""

    def __init__(self, unit: int, wires: Any) -> None:
        world = system_world()
        entropy = SeededEntropy("users")
        self.server: ExchangeServer = assemble(
            World(world.clock, entropy, world.storage), liquidity=Liquidity.NONE, symbols=("BTCUSDT",)
        )
        self.alice, self.bob = wires
        for number, (name, wire) in enumerate((("alice", self.alice), ("bob", self.bob))):
            self.server.front.hub.follow(UserListener(name, number, wire, unit))

    def balance(self, asset: str, account: str = "alice") -> tuple[Decimal, Decimal]:
        """Free and locked."""
        wallet = self.server.engine.ledger.wallet(account, asset)
        return Decimal(wallet.free) / SCALE, Decimal(wallet.locked) / SCALE


@pytest.fixture(params=[MILLISECONDS, MICROSECONDS])
def followed(bench, connect, request: pytest.FixtureRequest) -> Followed:
    kind = type(connect(bench).wire)
    return Followed(request.param, (kind(), kind()))


MOVES = [
    ("deposit", "balanceUpdate", "Balance Update", "1.50000000"),
    ("withdraw", "balanceUpdate", "Balance Update", "-1.50000000"),
    ("lock", "externalLockUpdate", "External Lock Update", "1.50000000"),
    ("unlock", "externalLockUpdate", "External Lock Update", "-1.50000000"),
]


@pytest.mark.parametrize(("operation", "name", "chapter", "delta"), MOVES)
def test_the_difference_and_then_the_balance(
    followed: Followed, operation: str, name: str, chapter: str, delta: str
) -> None:
    """In the documented shapes, to the owner alone, and to no other account."""
    operations = followed.server.operations
    operations.lock("alice", "BTC", 2)
    followed.alice.take()
    getattr(operations, operation)("alice", "BTC", Decimal("1.5"))
    difference, position = followed.alice.take()
    assert shape(difference) == shape(USER_EVENTS[chapter])
    assert shape(position) == shape(USER_EVENTS["Account Update"])
    event = difference["event"]
    assert (event["e"], event["a"], event["d"]) == (name, "BTC", delta)
    assert event["E"] == event["T"] == position["event"]["u"]
    free, locked = followed.balance("BTC")
    assert position["event"]["B"] == [{"a": "BTC", "f": f"{free:.8f}", "l": f"{locked:.8f}"}]
    assert followed.bob.take() == []


def test_balances_follow(followed: Followed) -> None:
    server = followed.server
    free, locked = followed.balance("USDT")
    server.operations.deposit("alice", "USDT", "0.00000001")
    server.operations.withdraw("alice", "USDT", 100)
    server.operations.lock("alice", "USDT", Decimal("50.5"))
    server.operations.unlock("alice", "USDT", Decimal("0.5"))
    expected = free + Decimal("0.00000001") - 150, locked + 50
    assert followed.balance("USDT") == expected
    ledger = server.engine.ledger
    assert ledger.total("USDT") == ledger.deposited["USDT"]


def test_an_asset_that_was_never_there(followed: Followed) -> None:
    followed.server.operations.deposit("bob", "DOGE", 7)
    assert followed.balance("DOGE", "bob") == (7, 0)
    assert [message["event"]["e"] for message in followed.bob.take()] == [
        "balanceUpdate",
        "outboundAccountPosition",
    ]


@pytest.mark.parametrize(
    ("operation", "amount", "says"),
    [
        ("deposit", 0, "above zero"),
        ("deposit", -1, "above zero"),
        ("deposit", "0.000000001", "8 decimals"),
        ("deposit", "much", "not a decimal"),
        ("deposit", "NaN", "8 decimals"),
        ("deposit", 1.5, "not exact"),
        ("deposit", True, "not exact"),
        ("withdraw", 10**9, "more than"),
        ("lock", 10**9, "more than"),
        ("unlock", 1, "more than"),
    ],
)
def test_what_cannot_be_changes_nothing(followed: Followed, operation: str, amount: Any, says: str) -> None:
    before = followed.balance("BTC")
    with pytest.raises(Misuse, match=says):
        getattr(followed.server.operations, operation)("alice", "BTC", amount)
    assert followed.balance("BTC") == before
    assert followed.alice.take() == []


def test_an_asset_with_fewer_decimals() -> None:
    """It is told with as many as it has, and holds no finer amount."""
    ledger, outbox = Ledger(), list[Effect]()
    ledger.open("ann")
    treasury = Treasury(ledger, outbox, {"EUR": 2, "JPY": 0})
    treasury.deposit(1, "ann", "EUR", 150_000_000)
    treasury.deposit(2, "ann", "JPY", 100_000_000)
    euros, account, yen, _ = outbox
    assert isinstance(euros, BalanceUpdate)
    assert isinstance(account, BalanceChange)
    assert balance_update(euros, 1)["d"] == "1.50"
    assert account_position(account, 1)["B"] == [{"a": "EUR", "f": "1.50", "l": "0.00"}]
    assert isinstance(yen, BalanceUpdate)
    assert balance_update(yen, 1)["d"] == "1"
    for asset in ("EUR", "JPY"):
        with pytest.raises(Misuse, match=f"{asset} has"):
            treasury.deposit(3, "ann", asset, 100_000)


def test_nobody_of_that_name(followed: Followed) -> None:
    with pytest.raises(Misuse, match="'carol'"):
        followed.server.operations.deposit("carol", "BTC", 1)


def test_what_orders_hold_cannot_be_unlocked_or_withdrawn(bench) -> None:
    """Only what was locked from outside is unlocked from outside."""
    treasury = Treasury(bench.engine.ledger, bench.engine.outbox, {})
    wallet = bench.engine.ledger.wallet("alice", "BTC")
    bench.limit("SELL", "60000", "0.001")
    for call in (treasury.withdraw, treasury.lock):
        with pytest.raises(Misuse, match="more than"):
            call(bench.now_us, "alice", "BTC", wallet.free + 1)
    treasury.lock(bench.now_us, "alice", "BTC", wallet.free)
    assert (
        bench.no("POST", "order", symbol="BTCUSDT", side="SELL", type="MARKET", quantity="0.001")[0] == -2010
    )
    with pytest.raises(Misuse, match="more than"):
        treasury.unlock(bench.now_us, "alice", "BTC", wallet.locked)


Moves = st.lists(
    st.tuples(
        st.sampled_from(("deposit", "withdraw", "lock", "unlock")),
        st.sampled_from(("ann", "ben")),
        st.sampled_from(("BTC", "USDT")),
        st.integers(1, 50),
    ),
    max_size=40,
)


@given(Moves)
def test_nothing_appears_or_vanishes(moves: list[tuple[str, str, str, int]]) -> None:
    """Against plain sums: free, locked and deposited, and events that add up to them."""
    ledger, outbox = Ledger(), list[Effect]()
    treasury = Treasury(ledger, outbox, {})
    naive: dict[tuple[str, str], list[int]] = {}
    for account in ("ann", "ben"):
        ledger.open(account)
    for now_us, (operation, account, asset, amount) in enumerate(moves):
        pair = naive.setdefault((account, asset), [0, 0])
        free, locked = {"deposit": (1, 0), "withdraw": (-1, 0), "lock": (-1, 1), "unlock": (1, -1)}[operation]
        after = [pair[0] + free * amount, pair[1] + locked * amount]
        if min(after) < 0:
            with pytest.raises(Misuse):
                getattr(treasury, operation)(now_us, account, asset, amount)
            continue
        getattr(treasury, operation)(now_us, account, asset, amount)
        naive[account, asset] = after
    for (account, asset), (free, locked) in naive.items():
        wallet = ledger.wallet(account, asset)
        assert (wallet.free, wallet.locked) == (free, locked)
        mine = [effect for effect in outbox if effect.account == account]
        deltas = [e.delta for e in mine if isinstance(e, BalanceUpdate) and e.asset == asset]
        locks = [e.delta for e in mine if isinstance(e, ExternalLock) and e.asset == asset]
        assert (sum(deltas), sum(locks)) == (free + locked, locked)
    for asset in {asset for _, asset in naive}:
        total = sum(sum(pair) for (_, other), pair in naive.items() if other == asset)
        assert ledger.total(asset) == ledger.deposited.get(asset, 0) == total
    assert sum(isinstance(effect, BalanceChange) for effect in outbox) * 2 == len(outbox)


@pytest.mark.parametrize("how", ["session.logout", "userDataStream.unsubscribe"])
def test_the_end_of_a_subscription_is_said(bench, connect, how: str) -> None:
    """After the answer, in the documented shape; money that comes later is told to nobody."""
    client = connect(bench)
    client.ed25519("session.logon", bench.alice)
    client.ask("userDataStream.subscribe")
    assert client.ask(how)["status"] == 200
    [ended] = client.wire.take()
    assert shape(ended) == shape(USER_EVENTS["Event Stream Terminated"])
    assert ended == {
        "subscriptionId": 0,
        "event": {"e": "eventStreamTerminated", "E": bench.now_us // 1000},
    }
    Treasury(bench.engine.ledger, bench.engine.outbox, {}).deposit(bench.now_us, "alice", "BTC", 1)
    bench.front.settle(bench.now_us)
    assert client.wire.take() == []


def test_a_deposit_moves_the_account_s_update_time(bench) -> None:
    bench.now_us += 5_000_000
    Treasury(bench.engine.ledger, bench.engine.outbox, {}).deposit(bench.now_us, "alice", "BTC", 1)
    bench.front.settle(bench.now_us)
    assert bench.ok("GET", "account")["updateTime"] == bench.now_us // 1000


class TestBesides:
    """What whoever runs the exchange says of a symbol."""

    def test_block_trades(self, followed: Followed, listen) -> None:
        server = followed.server
        one = listen("/ws/btcusdt@blockTrade/btcusdt@trade/btcusdt@kline_1m/!miniTicker@arr")
        hub, name = server.front.hub, one.listener.names["btcusdt@blockTrade"]
        one.session.over()
        hub.subscribe(one.listener, name)
        for number in (1, 2):
            server.operations.block_trade("BTCUSDT", "60001.5", Decimal(3), buyer_is_maker=number == 2)
        first, second = one.wire.take()
        assert (first["t"], first["p"], first["q"], first["m"]) == (1, "60001.50000000", "3.00000000", False)
        assert (second["t"], second["m"]) == (2, True)
        assert server.engine.ledger.total("BTC") == server.engine.ledger.deposited["BTC"]

    @pytest.mark.parametrize(
        ("symbol", "price", "quantity"),
        [("NOPE", 1, 1), ("BTCUSDT", 0, 1), ("BTCUSDT", 1, -1), ("BTCUSDT", 1.5, 1)],
    )
    def test_block_trades_that_cannot_be(
        self, followed: Followed, symbol: str, price: Any, quantity: Any
    ) -> None:
        with pytest.raises(Misuse):
            followed.server.operations.block_trade(symbol, price, quantity, buyer_is_maker=False)

    def test_reference_prices(self, followed: Followed) -> None:
        tape = followed.server.front.desk.engine.markets["BTCUSDT"].tape
        assert tape.reference is None
        followed.server.operations.set_reference_price("BTCUSDT", "60000.1")
        assert tape.reference is not None
        assert tape.reference.price == 6_000_010_000_000
        followed.server.operations.set_reference_price("BTCUSDT", None)
        assert tape.reference.price is None
        with pytest.raises(Misuse, match="above zero"):
            followed.server.operations.set_reference_price("BTCUSDT", 0)

    def test_rest_answers_the_same(self, bench) -> None:
        besides = bench.front.desk.data["BTCUSDT"].besides
        for number in range(3):
            besides.block("BTCUSDT", 10**8, (number + 1) * 10**8, bench.now_us, buyer_is_maker=True)
        rows = bench.get("historicalBlockTrades", symbol="BTCUSDT", fromId=2, limit=1)
        assert rows == [
            {
                "id": 2,
                "price": "1.00000000",
                "qty": "2.00000000",
                "quoteQty": "2.00000000",
                "time": bench.now_us // 1000,
                "isBuyerMaker": True,
            }
        ]
        assert [row["id"] for row in bench.get("historicalBlockTrades", symbol="BTCUSDT", fromId=0)] == [
            1,
            2,
            3,
        ]
        bench.engine.markets["BTCUSDT"].tape.reference = ReferencePrice(150_000_000, bench.now_us)
        assert bench.get("referencePrice", symbol="BTCUSDT")["referencePrice"] == "1.50000000"
        assert bench.get("referencePrice/calculation", symbol="BTCUSDT") == {
            "symbol": "BTCUSDT",
            "calculationType": "EXTERNAL",
            "externalCalculationId": 0,
        }
        assert bench.raw("GET", "/api/v3/referencePrice?symbol=ETHUSDT").status == 400
