"""The trader without await: the same words, on the private loop thread, from any thread."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

import surefoot
from surefoot import (
    BlockingTrader,
    BracketHandle,
    Credentials,
    Fill,
    LimitOrder,
    OrderHandle,
    OrderRecord,
    OrderState,
    Policy,
    PolicyRefusal,
    Side,
    Trader,
    TraderOptions,
    errors,
)
from surefoot.client.aio import loop_thread
from surefoot.exchange.faults import Latency, LostAnswer, Rule
from surefoot.execution import entries
from surefoot.execution.aio.handles import ListHandle
from surefoot.execution.blocking import BlockingBracketHandle, BlockingListHandle, BlockingOrderHandle
from surefoot.execution.bracket import Bracket, BracketState
from surefoot.spot.order_list_oco import NewOco
from surefoot.testing import EmbeddedExchange

TRADING = Policy(symbols={"BTCUSDT"})


def ours() -> int:
    return sum(thread.name == "surefoot streams" for thread in threading.enumerate())


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    assert ours() == 0


@pytest.fixture
def key(exchange: EmbeddedExchange) -> Credentials:
    exchange.trade_at("BTCUSDT", 60_000)
    return exchange.open_account(USDT=10_000)


@pytest.fixture
def trader(exchange: EmbeddedExchange, key: Credentials, tmp_path: Path) -> Iterator[BlockingTrader]:
    with BlockingTrader(exchange.environment, key, journal=tmp_path / "j.db", policy=TRADING) as trader:
        yield trader


def low(price: int = 50_000, quantity: str = "0.01") -> LimitOrder:
    return LimitOrder("BTCUSDT", Side.BUY, quantity, price)


def seller(exchange: EmbeddedExchange, quantity: str = "1", price: int = 60_000) -> None:
    """Somebody to buy from."""
    other = exchange.open_account(BTC=quantity)
    with surefoot.Client(exchange.environment, other) as client:
        client.new_order("BTCUSDT", Side.SELL, "LIMIT", time_in_force="GTC", quantity=quantity, price=price)


def test_a_whole_day_of_trading(exchange: EmbeddedExchange, trader: BlockingTrader) -> None:
    """ORDER-1, TRACK-4: placed, replaced, cancelled, bought, closed; and every view agrees."""
    seller(exchange)
    with trader.events(timeout_ms=200) as events:
        order = trader.place(low())
        assert (order.state, order.executed_qty, order.average_price) == (OrderState.NEW, 0, None)
        assert repr(order) == f"BlockingOrderHandle({order.id}, BTCUSDT, NEW)"
        assert [open.order_id for open in trader.open_orders] == [order.order_id]
        moved = trader.replace(order, price=51_000)
        assert trader.cancel(moved).state is OrderState.CANCELED
        assert order.done().state is OrderState.CANCELED
        bought = trader.buy("BTCUSDT", quote=600)
        assert [fill.price for fill in bought.fills()] == [60_000]
        assert trader.position("BTCUSDT").qty == bought.executed_qty * Decimal("0.999") == Decimal("0.00999")
        other = exchange.open_account(USDT=100_000)
        with surefoot.Client(exchange.environment, other) as client:
            client.new_order("BTCUSDT", Side.BUY, "LIMIT", time_in_force="GTC", quantity="1", price=61_000)
        sold = trader.close_position("BTCUSDT")
        assert sold is not None
        assert sold.done(timeout_ms=5_000).average_price == 61_000
        told = list(events)
    assert trader.position("BTCUSDT").qty == 0
    assert trader.pnl("BTCUSDT", {}).realised > 0
    assert sum(isinstance(each, Fill) for each in told) == 2
    states = [each.state for each in told if isinstance(each, OrderRecord) and each.id == order.id]
    assert states[-1] is OrderState.CANCELED
    assert events.get() is None


def test_a_bracket(exchange: EmbeddedExchange, trader: BlockingTrader) -> None:
    """ORDER-5: entered, protected, and closed at a profit."""
    wanted = Bracket(LimitOrder("BTCUSDT", Side.BUY, "0.01", 59_000), 61_000, 57_000)
    bracket = trader.place(wanted)
    assert bracket.state is BracketState.ENTERING
    assert bracket.entry.state is OrderState.NEW
    with pytest.raises(TimeoutError, match="is ENTERING after 1 ms"):
        bracket.done(timeout_ms=1)
    exchange.trade_at("BTCUSDT", 58_500)
    assert bracket.until(BracketState.PROTECTED, timeout_ms=5_000).state is BracketState.PROTECTED
    assert repr(bracket) == f"BlockingBracketHandle({bracket.id}, BTCUSDT, PROTECTED)"
    exchange.trade_at("BTCUSDT", 62_000)
    assert bracket.done(timeout_ms=5_000).state is BracketState.CLOSED
    assert bracket.unprotected_ms < 5_000
    other = trader.place(Bracket(LimitOrder("BTCUSDT", Side.BUY, "0.01", 59_000), 70_000, 57_000))
    assert other.cancel(close=True).state is BracketState.NOT_ENTERED
    assert other.left in {None, 0}


def test_an_order_list(exchange: EmbeddedExchange, trader: BlockingTrader) -> None:
    """ORDER-2: placed, and cancelled as a whole."""
    seller(exchange)
    trader.buy("BTCUSDT", quote=600)
    pair = trader.place(
        NewOco(
            symbol="BTCUSDT",
            side=Side.SELL,
            quantity="0.009",
            above_type="LIMIT_MAKER",
            above_price="70000",
            below_type="STOP_LOSS",
            below_stop_price="50000",
        )
    )
    assert (pair.state, len(pair.orders)) == ("EXECUTING", 2)
    assert repr(pair) == f"BlockingListHandle({pair.id}, BTCUSDT, EXECUTING)"
    with pytest.raises(TimeoutError, match="is EXECUTING after 1 ms"):
        pair.done(timeout_ms=1)
    assert trader.cancel(pair).state == "ALL_DONE"
    assert pair.done(timeout_ms=5_000) == pair.record
    assert {order.state for order in pair.orders} <= {OrderState.CANCELED, OrderState.EXPIRED}


def test_a_handle_waits_no_longer_than_it_is_told(trader: BlockingTrader, exchange: EmbeddedExchange) -> None:
    order = trader.place(low())
    with pytest.raises(TimeoutError, match=f"order {order.id} is NEW after 10 ms"):
        order.done(timeout_ms=10)
    exchange.trade_at("BTCUSDT", 49_999)
    assert order.done(timeout_ms=5_000).state is OrderState.FILLED
    assert [fill.qty for fill in order.fills()] == [Decimal("0.01")]


def test_what_is_refused_is_raised_here(trader: BlockingTrader) -> None:
    """ORDER-6."""
    with pytest.raises(PolicyRefusal, match="symbols"):
        trader.buy("ETHUSDT", quote=100)
    with pytest.raises(errors.FilterViolation):
        trader.place(low(quantity="0.00000001"))
    with pytest.raises(errors.UnknownOrder):
        trader.cancel("nobody")
    with pytest.raises(errors.Misuse, match="ETHBTC"):
        trader.position("ETHBTC")


def test_the_kill_switch_and_back(trader: BlockingTrader) -> None:
    """ORDER-6."""
    first, second = trader.place(low()), trader.place(low(51_000))
    assert {record.state for record in trader.kill("enough")} == {OrderState.CANCELED}
    assert trader.stopped == "enough"
    assert {first.state, second.state} == {OrderState.CANCELED}
    with pytest.raises(PolicyRefusal, match="enough"):
        trader.place(low())
    trader.arm("looked into it")
    assert trader.place(low()).state is OrderState.NEW
    assert len(trader.cancel_all()) == 1


def test_the_kill_signal_comes_while_the_main_thread_waits(
    exchange: EmbeddedExchange, key: Credentials, tmp_path: Path
) -> None:
    """ORDER-6: signals belong to the main thread, the trader to another one."""
    before = signal.getsignal(signal.SIGUSR1)
    options = TraderOptions(kill_signal=signal.SIGUSR1)
    with BlockingTrader(
        exchange.environment, key, journal=tmp_path / "j.db", policy=TRADING, options=options
    ) as trader:
        order = trader.place(low())
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        assert order.done(timeout_ms=10_000).state is OrderState.CANCELED
        assert trader.stopped == f"signal {int(signal.SIGUSR1)}"
        elsewhere = BlockingTrader(
            exchange.environment, key, journal=tmp_path / "k.db", policy=TRADING, options=options
        )
        with ThreadPoolExecutor(1) as pool, pytest.raises(errors.Misuse, match="the main thread"):
            pool.submit(elsewhere.__enter__).result()
    assert signal.getsignal(signal.SIGUSR1) is before


def test_threads_share_a_trader(trader: BlockingTrader) -> None:
    def story(number: int) -> OrderState:
        order = trader.place(low(50_000 - number))
        return trader.cancel(order).state

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(story, range(16))) == {OrderState.CANCELED}
    assert trader.open_orders == ()


async def test_it_works_beside_a_running_loop(
    exchange: EmbeddedExchange, key: Credentials, tmp_path: Path
) -> None:
    """As in a notebook: the loop of this thread is not touched."""
    with BlockingTrader(exchange.environment, key, journal=tmp_path / "j.db", policy=TRADING) as trader:
        assert trader.place(low()).state is OrderState.NEW
        with surefoot.Client(exchange.environment, key) as client, client.user_data(timeout_ms=500) as stream:
            await asyncio.sleep(0)
            trader.cancel_all()
            assert stream.get(timeout_ms=5_000) is not None
        assert ours() == 1, "one thread for all"


def test_it_begins_again_where_it_was(exchange: EmbeddedExchange, key: Credentials, tmp_path: Path) -> None:
    """TRACK-1."""
    place = tmp_path / "j.db"
    with BlockingTrader(exchange.environment, key, journal=place, policy=TRADING) as trader:
        order = trader.place(low())
        with pytest.raises(errors.JournalError, match="already open"):
            BlockingTrader(exchange.environment, key, journal=place).__enter__()
    assert trader.order(order.id) == order.record, "a closed trader can be read"
    with pytest.raises(errors.Misuse, match="the trader is not open"):
        trader.place(low())
    with pytest.raises(errors.Misuse, match="make a new one"):
        trader.__enter__()
    exchange.trade_at("BTCUSDT", 49_000)
    with BlockingTrader(exchange.environment, key, journal=place) as again:
        known = again.order(order.id)
        assert known is not None
        assert known.state is OrderState.FILLED
        assert again.position("BTCUSDT").qty == Decimal("0.00999")


def test_closed_by_another_thread_nobody_waits_for_ever(
    exchange: EmbeddedExchange, key: Credentials, tmp_path: Path
) -> None:
    """RETRY-3: what was on its way is told to be unknown, and found at the next start."""
    options = TraderOptions(stop_within_ms=0)
    place = tmp_path / "j.db"
    trader = BlockingTrader(exchange.environment, key, journal=place, policy=TRADING, options=options)
    with trader, ThreadPoolExecutor(3) as pool:
        order = trader.place(low())
        events = trader.events()
        exchange.faults.add(Rule(Latency(800, leg="answer"), where="order.place", times=1))
        waiting = pool.submit(order.done)
        listening = pool.submit(list, events)
        placing = pool.submit(trader.place, low(51_000))
        while not exchange.faults.strikes:
            pass
        assert trader.doubts
        trader.__exit__()
        with pytest.raises(errors.Misuse, match="the trader was closed"):
            waiting.result(5)
        assert isinstance(listening.result(5), list)
        with pytest.raises(errors.LeftOpen, match="next start"):
            placing.result(5)
    with BlockingTrader(exchange.environment, key, journal=place) as again:
        while again.doubts:
            pass
        assert sorted(order.price for order in again.open_orders) == [50_000, 51_000]


def test_an_answer_that_is_lost(exchange: EmbeddedExchange, trader: BlockingTrader) -> None:
    """RETRY-3: the trader finds out by itself; to the caller it looks as if nothing had been."""
    exchange.faults.add(Rule(LostAnswer(), where="order.place", times=1))
    order = trader.place(low())
    assert order.state is OrderState.NEW
    assert trader.doubts == ()
    assert trader.read(lambda views: views.orders.not_placed) == {}


def test_interrupted_while_it_places(
    exchange: EmbeddedExchange, trader: BlockingTrader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RETRY-3: Ctrl+C ends the waiting, not the order; what became of it is known later."""
    exchange.faults.add(Rule(Latency(1_500, leg="answer"), where="order.place", times=1))

    usual = signal.signal(signal.SIGINT, signal.default_int_handler)  # a background process ignores it

    def interrupt_once_it_is_there() -> None:
        while not exchange.faults.strikes:
            pass
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt_once_it_is_there).start()
    with trader.events(timeout_ms=5_000) as events:
        with pytest.raises(KeyboardInterrupt) as interrupt:
            trader.place(low())
        signal.signal(signal.SIGINT, usual)
        assert "it goes on all the same" in interrupt.value.__notes__[0]
        for event in events:
            if isinstance(event, OrderRecord) and event.state is OrderState.NEW:
                break
    assert [order.state for order in trader.open_orders] == [OrderState.NEW]
    assert len(trader.cancel_all()) == 1


def test_events_that_nobody_reads_are_kept_until_they_are(trader: BlockingTrader) -> None:
    events = trader.events()
    assert events.get(timeout_ms=1) is None
    trader.kill("enough")
    told = events.get(timeout_ms=5_000)
    assert isinstance(told, entries.Tripped)
    events.close()
    assert list(events) == []


def test_after_a_fork_it_is_refused(trader: BlockingTrader, monkeypatch: pytest.MonkeyPatch) -> None:
    order = trader.place(low())
    with monkeypatch.context() as child:
        child.setattr(loop_thread.os, "getpid", os.getppid)
        with pytest.raises(errors.Misuse, match="forked"):
            trader.place(low())
        with pytest.raises(errors.Misuse, match="forked"):
            order.done()
    assert trader.cancel(order).state is OrderState.CANCELED, "the parent is not disturbed"


FORK = """
import os, sys
import surefoot.testing
from surefoot import BlockingTrader, LimitOrder, Policy, Side
from surefoot.errors import Misuse
with surefoot.testing.exchange() as exchange:
    key = exchange.open_account(USDT=10_000)
    policy = Policy(symbols={"BTCUSDT"})
    with BlockingTrader(exchange.environment, key, journal=sys.argv[1], policy=policy) as t:
        if os.fork() == 0:
            try:
                t.place(LimitOrder("BTCUSDT", Side.BUY, "0.01", 50_000))
            except Misuse:
                t.__exit__()
                os._exit(7)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.wait()[1])
        print(code, t.place(LimitOrder("BTCUSDT", Side.BUY, "0.01", 50_000)).state)
"""


@pytest.mark.process
def test_a_real_fork(tmp_path: Path) -> None:
    words = [sys.executable, "-W", "ignore", "-c", FORK, str(tmp_path / "j.db")]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "7 NEW"


FACES = {
    Trader: BlockingTrader,
    OrderHandle: BlockingOrderHandle,
    ListHandle: BlockingListHandle,
    BracketHandle: BlockingBracketHandle,
}


@pytest.mark.parametrize(("awaited", "blocking"), FACES.items())
def test_both_faces_have_the_same_words(awaited: type, blocking: type) -> None:
    """What one can be told, the other can; `fills_after` is how one serves the other."""
    words = {name for name in dir(awaited) if not name.startswith("_")} - {"fills_after"}
    assert words - set(dir(blocking)) == set()
