"""`surefoot watch`: events as they happen."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from surefoot.testing import EmbeddedExchange
from tests.cli.conftest import Type
from tests.cli.processes import started
from tests.client.street import Place, Street, place, street

__all__ = ["place", "street"]


@contextmanager
def moving(exchange: EmbeddedExchange) -> Iterator[None]:
    """Trades all the while: nobody but the command knows when it listens."""
    over = threading.Event()

    def move() -> None:
        while not over.wait(0.005):
            exchange.trade_at("BTCUSDT", "60123.45")

    mover = threading.Thread(target=move)
    mover.start()
    try:
        yield
    finally:
        over.set()
        mover.join()


def test_trades(type_in: Type, local: EmbeddedExchange) -> None:
    with moving(local):
        text = type_in("watch BTCUSDT ETHUSDT --count 3")
        lines = type_in("watch BTCUSDT --count 2 --json").lines
    assert text.code == 0, text.err
    assert len(text.out.splitlines()) == 3
    for line in text.out.splitlines():
        assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3}  BTCUSDT  buy   60123.45  0\.0000?\d+", line), line
    assert [(line["e"], line["s"], line["p"]) for line in lines] == [
        ("trade", "BTCUSDT", "60123.45000000")
    ] * 2


def test_candles_and_best_prices(type_in: Type, local: EmbeddedExchange) -> None:
    with moving(local):
        (candle,) = type_in("watch BTCUSDT --stream klines --interval 1s --count 1 --json").lines
        text = type_in("watch BTCUSDT --stream klines --interval 1s --count 1").out
        best = type_in("watch BTCUSDT --stream bookTicker --count 1")
    assert (candle["k"]["i"], candle["k"]["c"]) == ("1s", "60123.45000000")
    assert re.search(r"BTCUSDT( +[\d.]+){5}  (open|closed)\n", text)
    assert re.fullmatch(r"BTCUSDT  [\d.]+ @ [\d.]+ \| [\d.]+ @ [\d.]+\n", best.out), best


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("watch", "name at least one symbol"),
        ("watch BTCUSDT --count 0", "at least 1"),
        ("watch BTCUSD", "did you mean BTCUSDT"),
        ("watch BTCUSDT --stream odd", '"bookTicker"'),
    ],
)
def test_refusals(words: str, named: str, type_in: Type) -> None:
    said = type_in(words)
    assert (said.code, said.out) == (2, "")
    assert named in said.err


@pytest.mark.process
async def test_an_outage_is_said_in_words_when_it_begins_and_when_it_is_over(
    street: tuple[Street, Place],
) -> None:
    """Each once, for people: no observation is on standard error."""
    proxy, place = street
    where = place.environment
    variables = {"SUREFOOT_REST_URL": where.rest, "SUREFOOT_STREAMS_URL": where.streams}
    words = ["watch", "BTCUSDT", "--stream", "bookTicker", "--env", "local"]

    def line() -> str:
        assert process.stderr is not None
        return process.stderr.readline()

    with started(words, SUREFOOT_WS_API_URL=where.ws_api, **variables) as process:
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline)
        proxy.closed = True
        proxy.cut()
        assert await asyncio.to_thread(line) == "surefoot: the connection is lost, trying again\n"
        await asyncio.wait_for(proxy.refused_thrice.wait(), 30)
        proxy.closed = False
        said = await asyncio.to_thread(line)
        process.kill()
    assert re.fullmatch(r"surefoot: gap of \d+ ms: the WebSocket was closed: 1006.*\n", said)
