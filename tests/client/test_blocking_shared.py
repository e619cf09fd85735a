"""One blocking client in several hands: threads, a fork, a second entry; and what it says of itself."""

import subprocess
import sys
import threading

import pytest

from surefoot import TESTNET, Client, Credentials, OrderType, Secret, Side
from surefoot.errors import Misuse
from surefoot.testing.embedded import EmbeddedExchange


def test_threads_take_turns_and_hear_their_own_answers(exchange: EmbeddedExchange) -> None:
    for number, symbol in enumerate(("BTCUSDT", "ETHUSDT", "BNBUSDT"), start=1):
        exchange.trade_at(symbol, number * 100)
    heard: list[tuple[str, str]] = []

    def ask(symbol: str) -> None:
        heard.extend((symbol, client.price_ticker(symbol).symbol) for _ in range(40))

    with Client(exchange.environment) as client:
        threads = [
            threading.Thread(target=ask, args=(symbol,)) for symbol in ("BTCUSDT", "ETHUSDT", "BNBUSDT")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(heard) == 120
    assert [pair for pair in heard if pair[0] != pair[1]] == []


FORK = """
import os
import surefoot.testing
from surefoot import Client
with surefoot.testing.exchange() as exchange:
    exchange.trade_at("BTCUSDT", 100)
    exchange.trade_at("ETHUSDT", 200)
    with Client(exchange.environment) as client:
        assert client.price_ticker("BTCUSDT").price == 100
        children = []
        for _ in range(2):
            if (child := os.fork()) == 0:
                right = all(client.price_ticker("ETHUSDT").price == 200 for _ in range(50))
                os._exit(7 if right else 1)
            children.append(child)
        mine = {client.price_ticker("BTCUSDT").symbol for _ in range(50)}
        print(mine, [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
"""


@pytest.mark.process
def test_a_forked_process_asks_over_a_connection_of_its_own() -> None:
    done = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'BTCUSDT'} [7, 7]"


BUSY_FORK = """
import os, signal, threading
import surefoot.testing
from surefoot import Client
from surefoot.exchange.faults import Latency, Rule
with surefoot.testing.exchange() as exchange:
    struck = exchange.faults.add(Rule(Latency(ms=300), where="depth"))
    client = Client(exchange.environment).__enter__()
    client.ping()
    reader = threading.Thread(target=client.depth, args=("BTCUSDT",), kwargs={"limit": 5000})
    reader.start()
    while not exchange.faults.struck[struck]:
        pass
    locked = client.desk.allowance.pool.lock
    holder_in, holder_out = threading.Event(), threading.Event()
    def hold():
        with locked:
            holder_in.set()
            holder_out.wait(0.1)
    threading.Thread(target=hold).start()
    holder_in.wait()
    if (child := os.fork()) == 0:
        signal.alarm(20)
        client.ping()
        under_way = client.desk.allowance.pool.address.limits.weight[0].pending
        client.__exit__()
        os._exit(7 if under_way == 0 else 1)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    reader.join()
    client.__exit__()
"""


@pytest.mark.process
def test_a_process_forked_while_threads_ask_waits_for_none_of_them() -> None:
    """Neither for a turn, nor for the budget, nor for room that the threads it has not got took up."""
    done = subprocess.run([sys.executable, "-c", BUSY_FORK], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("7", "")


def test_a_client_is_entered_once_and_may_be_opened_again(exchange: EmbeddedExchange) -> None:
    client = Client(exchange.environment)
    with client, pytest.raises(Misuse, match="open already"):
        client.__enter__()
    with client:
        client.ping()


def test_what_a_client_cannot_be_made_of() -> None:
    with pytest.raises(Misuse, match="'testnet' is no Environment"):
        Client("testnet")  # type: ignore[arg-type]
    with pytest.raises(Misuse, match="a tuple is no key"):
        Client(TESTNET, ("key", "secret"))  # type: ignore[arg-type]


def test_what_is_no_request_is_refused(exchange: EmbeddedExchange) -> None:
    with Client(exchange.environment) as client, pytest.raises(Misuse, match="'hello' is no request"):
        client.send("hello")  # type: ignore[arg-type]


def test_a_client_shows_where_it_is_and_as_whom_and_never_the_key(exchange: EmbeddedExchange) -> None:
    """ENV-2, AUTH-5."""
    key = Credentials(environment="local", api_key=Secret("abcdefghijkl"), secret=Secret("x"))
    assert repr(Client(exchange.environment, key)) == "Client(local, key …ghijkl, closed)"
    with Client(exchange.environment) as client:
        assert repr(client) == "Client(local, without a key, open)"


def test_an_answer_shows_what_was_said(exchange: EmbeddedExchange) -> None:
    key = exchange.open_account(USDT=10_000)
    exchange.trade_at("BTCUSDT", 60_000)
    with Client(exchange.environment, key) as client:
        order = client.new_order("BTCUSDT", Side.BUY, OrderType.LIMIT_MAKER, quantity="0.01", price=50_000)
    assert repr(order).startswith("OrderAnswer(symbol='BTCUSDT', order_id=")
    assert "UNSET" not in repr(order)
