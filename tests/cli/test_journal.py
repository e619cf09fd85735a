"""`surefoot journal`: what a journal says, for people and for programs."""

import json
from pathlib import Path

import pytest

from surefoot import BlockingTrader, LimitOrder, Policy, Side
from surefoot.cli.app import run
from surefoot.cli.journal.words import sentence
from surefoot.exchange.faults import LostAnswer, Rule
from surefoot.execution import entries
from surefoot.testing import EmbeddedExchange
from tests.cli.conftest import Said


@pytest.fixture
def type_in(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")

    def typed(*words: str) -> Said:
        code = run(["journal", *words])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return typed


@pytest.fixture
def told(exchange: EmbeddedExchange, tmp_path: Path) -> tuple[str, str, str]:
    """A journal, an order that was filled by and by, and one that was cancelled after a lost answer."""
    key = exchange.open_account(USDT=10_000)
    exchange.trade_at("BTCUSDT", 60_000)
    place = tmp_path / "journal.db"
    policy = Policy(symbols={"BTCUSDT"})
    with BlockingTrader(exchange.environment, key, journal=place, policy=policy) as trader:
        filled = trader.place(LimitOrder("BTCUSDT", Side.BUY, "0.01", 59_000))
        exchange.trade_at("BTCUSDT", 58_000)
        filled.done(timeout_ms=5_000)
        exchange.faults.add(Rule(LostAnswer(), where="order.place", times=1))
        order = trader.place(LimitOrder("BTCUSDT", Side.BUY, "0.02", 50_000))
        moved = trader.replace(order, quantity="0.015")
        trader.cancel(moved)
    return str(place), filled.id, order.id


def test_an_orders_life_as_sentences(type_in, told: tuple[str, str, str]) -> None:  # type: ignore[no-untyped-def]
    """OBS-2: all that was meant and heard, in 80 columns."""
    place, filled, cancelled = told
    text = type_in("trace", place, filled).out
    assert max(map(len, text.splitlines())) <= 80
    flat = " ".join(text.split())
    assert "submitted BUY LIMIT BTCUSDT 0.01 at 59000: written down before" in flat
    assert "FILLED, 0.01 of 0.01; 0.01 at 59000, commission 0.00001 BTC" in flat
    flat = " ".join(type_in("trace", place, cancelled).out.split())
    assert "inDoubt nobody knows:" in flat
    assert "no doubt any more" in flat
    assert "to be cancelled" in flat
    assert "cancelled: CANCELED, 0 of 0.015" in flat


def test_for_programs(type_in, told: tuple[str, str, str]) -> None:  # type: ignore[no-untyped-def]
    place, filled, _ = told
    rows = type_in("trace", place, filled, "--json").lines
    assert rows[0]["kind"] == "submitted"
    assert rows[0]["body"]["request"]["quantity"] == "0.01"
    (kinds, day) = type_in("show", place, "--json").lines
    assert kinds["entries"]["submitted"] == 3
    assert (day["symbol"], day["fills"], day["bought"]) == ("BTCUSDT", 1, "0.01000000")


def test_what_is_in_it(type_in, told: tuple[str, str, str], tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    place, _, _ = told
    text = type_in("show", place).out
    assert "submitted" in text
    assert "590" in text
    target = tmp_path / "all.jsonl"
    said = type_in("export", place, str(target))
    count = len(target.read_text().splitlines())
    assert said.out == f"{count} entries of {place} are in {target}\n"
    assert json.loads(target.read_text().splitlines()[0])["seq"] == 1
    assert type_in("export", place, str(target)).code == 2


def test_what_is_not_there(type_in, told: tuple[str, str, str], tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    place, _, _ = told
    said = type_in("trace", place, "nobody")
    assert (said.code, "knows no order nobody" in said.err) == (2, True)
    said = type_in("show", str(tmp_path / "none.db"))
    assert (said.code, "there is no journal at" in said.err) == (1, True)
    said = type_in("show", "postgresql://u:secret@127.0.0.1/x")
    assert (said.code, "secret" in said.err) == (2, False)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (entries.Opened(at_ms=0, version="1", life=3), "a trader opened this journal: number 3"),
        (entries.Tripped(at_ms=0, reason="enough"), "trading was stopped: enough"),
        (entries.Armed(at_ms=0, reason="well"), "trading was allowed again: well"),
        (entries.Baseline(at_ms=0, symbol="BTCUSDT", trade_id=7), "symbol BTCUSDT, trade_id 7"),
        (
            entries.NotPlaced(at_ms=0, id="a", because="absent", text="nothing"),
            "it did not happen, absent: nothing",
        ),
        (entries.Anomaly(at_ms=0, what="late", text="it exists"), "late: it exists"),
        (entries.CancelRefused(at_ms=0, symbol="BTCUSDT", text="no"), "not cancelled: no"),
        (
            entries.GapSeen(at_ms=0, since_ms=1, until_ms=2, reason="cut"),
            "the user stream was deaf since 00:00:00.001: cut",
        ),
        (entries.Resynced(at_ms=0), ""),
    ],
)
def test_other_entries(entry: entries.Entry, told: str) -> None:
    assert sentence(entry) == told
