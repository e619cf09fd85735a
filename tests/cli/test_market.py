"""`surefoot book`, `klines`, `balances`: tables for people, lines of JSON for programs."""

import pytest

from surefoot.testing import EmbeddedExchange
from tests.cli.conftest import Type


def test_the_book(type_in: Type) -> None:
    assert type_in("book BTCUSDT").out == "the book of BTCUSDT is empty\n"
    for words in ("buy BTCUSDT 0.001 @ 59000", "sell BTCUSDT 0.002 @ 61000"):
        assert type_in(f"order {words}").code == 0
    text = type_in("book BTCUSDT --limit 5").out
    assert text.index("61000") < text.index("59000")
    assert "spread 2000, 327.87 bp" in text
    (said,) = type_in("book BTCUSDT --json").lines
    assert said["bids"] == [["59000.00000000", "0.00100000"]]


def test_candles(type_in: Type, local: EmbeddedExchange) -> None:
    local.trade_at("BTCUSDT", 61_000)
    text = type_in("klines BTCUSDT --interval 1h --limit 2").out
    assert "61000" in text
    assert "open time (UTC)" in text
    rows = type_in("klines BTCUSDT --interval 1s --start 2020-01-01 --json").lines
    assert sum(row["trades"] for row in rows) == 2
    assert rows[-1]["close"] == "61000.00000000"
    assert rows[-1]["closeTime"] - rows[-1]["openTime"] == 999
    ended = type_in("klines BTCUSDT --interval 1h --start 2020-01-01 --end 2020-02-01T12:00:00")
    assert ended.out == "BTCUSDT has no candles there\n"
    assert type_in("klines BTCUSDT --end 2020-01-01").code == 2
    assert "1h" in type_in("klines BTCUSDT --interval 7m").err
    backwards = type_in("klines BTCUSDT --start 2020-02-01 --end 2020-01-01")
    assert (backwards.code, "after its end" in backwards.err) == (2, True)


def test_balances(type_in: Type) -> None:
    assert type_in("order buy BTCUSDT 0.1 @ 59000").code == 0
    text = type_in("balances").out
    assert ["USDT", "4100", "5900"] in [line.split() for line in text.splitlines()]
    rows = {row["asset"]: row for row in type_in("balances --json").lines}
    assert rows["USDT"] == {"asset": "USDT", "free": "4100.00000000", "locked": "5900.00000000"}


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
def test_tables_fit_the_screen_and_cut_nothing(
    columns: int, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert type_in("order buy BTCUSDT 0.00123 @ 59000.01").code == 0
    (row,) = type_in("open --json").lines
    monkeypatch.setenv("COLUMNS", str(columns))
    text = type_in("open").out
    assert "59000.01" in text
    assert str(row["orderId"]) in text
    if columns > 40:
        assert max(map(len, text.splitlines()[:6])) <= columns
        assert ("too narrow for: client order id" in text) == (columns < 120)
    else:  # no table fits: a block of lines
        assert f"client order id {row['clientOrderId']}\n" in text


def test_unknown_symbols_are_guessed(type_in: Type) -> None:
    for typed in ("BTCUSD", "btcusdt", "BTC/USDT"):
        for command in ("book", "klines", "open"):
            said = type_in(f"{command} {typed}")
            assert said.code == 2
            assert f"symbol '{typed}' is not listed; did you mean BTCUSDT" in said.err


def test_nobody_there(type_in: Type, local: EmbeddedExchange) -> None:
    local.close()
    said = type_in("book BTCUSDT")
    assert said.code == 1
    assert "cannot connect to http://127.0.0.1" in said.err
