"""The budget and the blocking client: whoever waits for room keeps nobody from cancelling (LIMIT-2)."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from surefoot import Client, errors, spending
from surefoot.testing import EmbeddedExchange, exchange

FULL = {
    "rateLimits": [{"rateLimitType": "REQUEST_WEIGHT", "interval": "DAY", "intervalNum": 1, "limit": 400}]
}
"""Windows of a day, so that none ends while a test runs."""


@pytest.fixture
def small() -> Iterator[EmbeddedExchange]:
    with exchange("BTCUSDT", limits=FULL) as venue:
        yield venue


def use_up(client: Client) -> None:
    """Read until there is no room."""
    with spending(patience_ms=0), suppress(errors.HeldBack):
        while True:
            client.depth("BTCUSDT", limit=5)


def waits(client: Client, count: int) -> None:
    while client.budget.waiting != count:
        time.sleep(0.001)


def test_a_cancel_does_not_stand_in_line_behind_a_read_of_another_thread(small: EmbeddedExchange) -> None:
    key = small.open_account(USDT=10_000)
    with Client(small.environment, key) as client:
        order = client.new_order(
            "BTCUSDT", "BUY", "LIMIT", quantity="0.001", price="20000", time_in_force="GTC"
        )
        use_up(client)
        ends: list[BaseException] = []
        reader = threading.Thread(target=lambda: ends.append(raised(client)))
        reader.start()
        waits(client, 1)
        client.cancel_order("BTCUSDT", order_id=order.order_id)
        assert client.budget.waiting == 1
    reader.join()
    assert isinstance(ends[0], errors.Misuse)
    assert "closed by another thread" in str(ends[0])


def raised(client: Client) -> BaseException:
    try:
        with spending(patience_ms=10**9):
            client.depth("BTCUSDT", limit=5)
    except errors.SurefootError as error:
        return error
    return AssertionError("it was answered")


def test_clients_of_one_process_share_what_there_is(small: EmbeddedExchange) -> None:
    """ENV-5: weight by address, for all accounts and both kinds of client."""
    one, other = small.open_account(USDT=1), small.open_account(USDT=1)
    with Client(small.environment, one) as first, Client(small.environment, other) as second:
        use_up(first)
        with spending("hurried", patience_ms=0), pytest.raises(errors.HeldBack) as caught:
            second.depth("BTCUSDT", limit=5)
        assert caught.value.retry_at_ms is not None
        assert caught.value.facts.request is not None
        assert first.budget.used == second.budget.used


def test_the_ledger_tells_callers_apart(small: EmbeddedExchange) -> None:
    with Client(small.environment) as client:
        with spending("watcher"):
            client.depth("BTCUSDT", limit=5)
            client.depth("BTCUSDT", limit=5)
        client.ping()
        spent = {(row.tag, row.request): (row.count, row.weight) for row in client.budget.spent}
    assert spent["watcher", "GetDepth"] == (2, 10)
    assert spent["untagged", "Ping"] == (1, 1)


def test_rain_by_hand_sheds_bulk_reads_and_keeps_the_rest(small: EmbeddedExchange) -> None:
    """LIMIT-6."""
    with Client(small.environment, small.open_account(USDT=10_000)) as client:
        client.budget.rain(True)
        with pytest.raises(errors.HeldBack, match="rain: by hand"):
            client.exchange_info(symbol="BTCUSDT")
        client.depth("BTCUSDT", limit=5)
        order = client.new_order(
            "BTCUSDT", "BUY", "LIMIT", quantity="0.001", price="20000", time_in_force="GTC"
        )
        client.cancel_order("BTCUSDT", order_id=order.order_id)
        client.budget.rain(False)
        client.exchange_info(symbol="BTCUSDT")
