"""Orders that both sides judge: the command, its seeds, and what is made of the exchange's words."""

import json
from decimal import Decimal

import pytest

from surefoot.rules import grounds, orders
from surefoot.rules.check import Violation
from surefoot.rules.grounds import code_of
from surefoot.simulation import __main__ as command
from surefoot.simulation.agreement import command as agreement
from surefoot.simulation.agreement.compare import agree, compare
from surefoot.simulation.agreement.grounds import ground_of
from surefoot.simulation.agreement.symbols import made_filters, made_symbol
from surefoot.simulation.agreement.venue import Refused
from surefoot.world import SeededEntropy
from tests.conftest import FACTS


def test_orders_are_compared_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--orders", "60", "--base", "abc"]) == 0
    text = capsys.readouterr().out
    assert "accepted" in text
    assert text.endswith("made ones: check and exchange agree\n")


def test_a_difference_is_a_line_that_shows_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(orders, "worthless", lambda *_: None)
    found = compare("abc", 400, agreement.rows()).differences
    assert found
    assert command.main(["--order-seed", found[0].seed]) == 1
    assert str(found[0]) in capsys.readouterr().out
    monkeypatch.undo()
    assert command.main(["--order-seed", found[0].seed]) == 0
    assert capsys.readouterr().out == "25 orders, 0 differ\n"


def test_the_same_seed_draws_the_same_orders() -> None:
    first, second = compare("same", 100), compare("same", 100)
    assert first.grounds == second.grounds
    assert first.grounds != compare("other", 100).grounds


def test_without_recordings_there_are_the_default_symbols(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUREFOOT_RECORDINGS", raising=False)
    agreement.rows.cache_clear()
    assert [row["symbol"] for row in agreement.rows()] == ["BTCUSDT", "ETHUSDT", "BNBUSDT", "ETHBTC"]
    agreement.rows.cache_clear()


def test_made_symbols_carry_every_filter_of_a_symbol() -> None:
    documented = json.loads((FACTS / "filters.json").read_text(encoding="utf-8"))["filters"]
    wanted = {row["filterType"] for row in documented if row["level"] == "symbol"}
    rows = made_filters(SeededEntropy(1), Decimal("0.01"), Decimal("0.001"))
    assert {row["filterType"] for row in rows} == wanted
    assert {each["filterType"] for each in made_symbol(SeededEntropy(2))["filters"]} == wanted


@pytest.mark.parametrize(
    ("code", "message", "ground"),
    [
        (-1013, "Filter failure: LOT_SIZE", "LOT_SIZE"),
        (-1166, "A limit order in a sell OCO must be above.", "SELL_OCO_LIMIT_MUST_BE_ABOVE"),
        (-2010, "Account has insufficient balance for requested action.", grounds.NO_FUNDS),
        (-1099, "Words that nobody knows.", "Words that nobody knows."),
    ],
)
def test_the_exchanges_words_are_grounds(code: int, message: str, ground: str) -> None:
    assert ground_of(Refused(code, message)) == ground


def test_agreeing_means_the_same_ground_and_the_same_code() -> None:
    verdict = Violation(filter="LOT_SIZE", field="quantity", given=1, bound=2, why="")
    assert agree(verdict, Refused(-1013, "Filter failure: LOT_SIZE"), tested=True)
    assert not agree(verdict, Refused(-1111, "Filter failure: LOT_SIZE"), tested=True)
    assert not agree(verdict, Refused(-1013, "Filter failure: NOTIONAL"), tested=True)
    assert not agree(verdict, None, tested=True)
    poor = Violation(filter=grounds.NO_FUNDS, field="quantity", given=1, bound=2, why="")
    assert poor.code == code_of(grounds.NO_FUNDS) == -2010
    assert agree(poor, None, tested=True)
    assert not agree(poor, None, tested=False)
