"""`surefoot order`: what is placed, what is only rehearsed, and what is refused."""

import hashlib
import hmac
import re
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import surefoot
from surefoot.cli.app import run
from surefoot.cli.order_words import read_terms
from surefoot.cli.venues import Name
from surefoot.errors import Misuse
from surefoot.spot.environments import ENVIRONMENTS
from surefoot.testing import EmbeddedExchange
from surefoot.values import plain
from tests.cli.conftest import Type

amounts = st.decimals(min_value="0.00000001", max_value=10**9, places=8)


@given(quantity=amounts, price=amounts, space=st.sampled_from(["", " "]))
def test_what_is_typed_is_read(quantity: Decimal, price: Decimal, space: str) -> None:
    words = f"{plain(quantity)}{space}@{space}{plain(price)}".split(" ")
    assert read_terms(words) == (quantity, price)
    assert read_terms([plain(quantity)]) == (quantity, None)


@pytest.mark.parametrize("words", ["1 2", "1 @", "1 @ 2 3", "a", "1 @ b", "nan", "1 @ 2 @ 3"])
def test_what_cannot_be_read(words: str) -> None:
    with pytest.raises(Misuse):
        read_terms(words.split(" "))


def test_an_order_from_its_rehearsal_to_its_cancel(type_in: Type) -> None:
    placed = type_in("order buy BTCUSDT 0.0012345 @ 59000")
    assert placed.code == 0, placed.err
    assert "quantity 0.0012345 → 0.00123" in placed.out
    assert "BUY BTCUSDT on local: order" in placed.out
    number = re.findall(r"order (\d+)", placed.out)[0]
    (row,) = type_in("open --json").lines
    assert (str(row["orderId"]), row["origQty"], row["price"]) == (number, "0.00123000", "59000.00000000")
    table = type_in("open BTCUSDT").out
    assert number in table
    assert row["clientOrderId"] in table
    shown = type_in(f"order show BTCUSDT {row['clientOrderId']}").out
    assert number in shown
    assert "NEW" in shown
    gone = type_in(f"cancel BTCUSDT {number}")
    assert f"order {number}" in gone.out
    assert "0.00123 left" in gone.out
    assert type_in("open").out == "no order is open\n"
    assert type_in(f"order show BTCUSDT {number} --json").lines[0]["status"] == "CANCELED"


def test_a_market_order_by_quote_and_a_stop(type_in: Type, local: EmbeddedExchange) -> None:
    with surefoot.Client(local.environment, local.open_account(BTC=1)) as other:
        limit, life = surefoot.OrderType.LIMIT, surefoot.TimeInForce.GTC
        other.new_order(
            "BTCUSDT", surefoot.Side.SELL, limit, time_in_force=life, quantity="0.01", price=60_000
        )
    stop = type_in("order sell BTCUSDT 0.001 @ 58000 --stop-price 58500 --json").lines[0]
    assert stop["orderId"]
    bought = type_in("order buy BTCUSDT --quote 250 --json --client-order-id mine").lines[0]
    assert (bought["status"], bought["clientOrderId"]) == ("FILLED", "mine")
    kinds = {row["type"]: row for row in type_in("open --json").lines}
    assert kinds["STOP_LOSS_LIMIT"]["stopPrice"] == "58500.00000000"
    assert type_in("cancel BTCUSDT --all").code == 0
    assert type_in("open --json").lines == []


def test_a_trailing_stop_and_who_may_not_trade_with_oneself(type_in: Type) -> None:
    stop = type_in("order sell BTCUSDT 0.001 @ 58000 --trailing-delta 200 --stp EXPIRE_BOTH --json")
    assert stop.code == 0, stop.err
    (row,) = type_in("open --json").lines
    assert (row["type"], row["trailingDelta"]) == ("STOP_LOSS_LIMIT", 200)
    assert row["selfTradePreventionMode"] == "EXPIRE_BOTH"
    assert "EXPIRE_TAKER" in type_in("order sell BTCUSDT 1 --stp ODD").err
    far = type_in("order sell BTCUSDT 0.001 @ 58000 --trailing-delta 9999999")
    assert (far.code, "TRAILING_DELTA" in far.err) == (1, True)


def test_amounts_are_told_as_the_exchange_said_them(type_in: Type) -> None:
    """Not in Python's spelling: ``0E-8``, ``1E-7``."""
    placed = type_in("order buy BTCUSDT 0.00123 @ 59000 --json").lines[0]
    assert (placed["executedQty"], placed["origQty"]) == ("0.00000000", "0.00123000")
    rehearsed = type_in("order buy BTCUSDT 0.00123 @ 59000 --dry-run --json").out
    assert re.findall(r'"[\d.]+E[-+]\d+"', rehearsed) == []


def test_a_dry_run_sends_nothing_and_shows_the_bytes(type_in: Type) -> None:
    """The bytes are those that would be sent: the signature of what is shown is the one left out."""
    words = "order buy BTCUSDT 0.0012345 @ 59000 --dry-run"
    (said,) = type_in(f"{words} --json").lines
    assert said["order"]["quantity"] == "0.00123"
    assert [change["field"] for change in said["changes"]] == ["quantity"]
    met = {each["filter"]: each for each in said["met"]}
    assert {"PRICE_FILTER", "LOT_SIZE", "NOTIONAL", "PERCENT_PRICE_BY_SIDE"} <= set(met)
    assert met["LOT_SIZE"]["step"] == "0.00001"
    assert (said["weight"], said["weight_on_success"], said["order_count"]) == (1, 0, 1)
    head, _, body = said["bytes"].partition("\r\n\r\n")
    assert head.startswith("POST /api/v3/order HTTP/1.1\r\nHost: 127.0.0.1:")
    assert f"Content-Length: {len(body) + len('&signature=') + 64}" in head.split("\r\n")
    assert "timestamp=" in body
    assert "signature" not in said["bytes"]
    assert "apikey" not in said["bytes"].lower()
    text = type_in(words).out
    for word in (
        "rounded: quantity",
        "PRICE_FILTER",
        "weight 1 if refused, 0 if accepted",
        "POST /api/v3/order",
    ):
        assert word in text
    assert text.endswith("dry run for local: nothing was sent\n")
    assert type_in("open --json").lines == []


def test_no_secret_in_a_dry_run(type_in: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    key, secret = os.environ["SUREFOOT_API_KEY"], os.environ["SUREFOOT_API_SECRET"]
    text = type_in("order buy BTCUSDT 0.001 @ 59000 --dry-run").out
    body = re.findall(r"^symbol=.*$", text, re.MULTILINE)[0]
    signature = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    for hidden in (key, secret, signature):
        assert hidden not in text
    for name in ("SUREFOOT_API_KEY", "SUREFOOT_API_SECRET"):
        monkeypatch.delenv(name)
    keyless = type_in("order buy BTCUSDT 0.001 @ 59000 --dry-run")
    assert keyless.code == 0, keyless.err
    assert "not judged: INSUFFICIENT_BALANCES" in keyless.out
    placing = type_in("order buy BTCUSDT 0.001 @ 59000")
    assert placing.code == 2
    assert "set SUREFOOT_API_KEY" in placing.err


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        ("order buy BTCUSDT", 2, "give a quantity or --quote"),
        ("order buy BTCUSDT 1 --quote 5", 2, "give a quantity or --quote"),
        ("order buy BTCUSDT 1 @", 2, "no price follows the @"),
        ("order buy BTCUSDT x @ 1", 2, "'x' is not a decimal number"),
        ("order buy BTCUSDT 1 @ 2 --type MARKET", 2, "a MARKET order takes no price"),
        ("order buy BTCUSDT 1 --type LIMIT", 2, "a LIMIT order needs a price"),
        ("order buy BTCUSDT 1 --type ODD", 2, '"LIMIT_MAKER"'),
        ("order buy BTCUSD 1 @ 2", 2, "did you mean BTCUSDT"),
        ("order buy BTCUSDT 0.001 @ 100", 1, "nearest legal value"),
        ("order buy BTCUSDT 0.00123456 @ 59000 --exact", 1, "LOT_SIZE"),
        ("order buy BTCUSDT 5 @ 59000", 1, "INSUFFICIENT_BALANCES"),
        ("order show BTCUSDT 1", 1, "Order does not exist"),
        ("order show NONE 1", 2, "did you mean"),
        ("cancel BTCUSDT", 2, "name one order, or give --all"),
        ("cancel BTCUSDT 1 --all", 2, "name one order, or give --all"),
        ("cancel BTCUSDT mine", 1, "Unknown order sent; surefoot open shows what is open"),
    ],
)
def test_refusals(words: str, code: int, named: str, type_in: Type) -> None:
    said = type_in(words)
    assert (said.code, said.out) == (code, "")
    assert named in said.err
    assert said.err.startswith("surefoot: ")
    assert type_in("open --json").lines == []


@pytest.mark.parametrize("words", ["order buy BTCUSDT 1 @ 2", "order sell BTCUSDT 1", "cancel BTCUSDT 1"])
@pytest.mark.parametrize("env", ["production", "binance-us"])
def test_production_wants_it_in_so_many_words(
    words: str, env: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """ENV-2: before a key is looked for, and before anything is sent; and no environment is a default."""
    assert run([*words.split(), "--env", env]) == 2
    assert (
        f"on {env} this would trade with real money; if that is what you want, add --yes-real-money"
        in capsys.readouterr().err
    )
    assert run(words.split()) == 2
    assert "--env" in capsys.readouterr().err


def test_every_environment_has_its_name_here() -> None:
    """ENV-1, and `local` besides."""
    assert set(get_args(Name)) == {"local", *ENVIRONMENTS}


def test_market_data_alone_has_no_accounts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said before a key is asked for."""
    monkeypatch.delenv("SUREFOOT_API_KEY", raising=False)
    assert run(["balances", "--env", "data-only"]) == 2
    assert "data-only has no accounts" in capsys.readouterr().err


def test_local_never_means_production(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUREFOOT_REST_URL", "https://api.binance.com")
    assert run(["book", "BTCUSDT", "--env", "local"]) == 1
    assert "https://api.binance.com is production, and --env local is not" in capsys.readouterr().err


def test_an_answer_that_is_lost_names_the_next_step(type_in: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence after a write: nobody knows, and the command says how to find out."""
    from surefoot.net.blocking import BlockingHttp
    from surefoot.wire import HttpResponse, Lost

    asked = BlockingHttp.exchange

    def silent(self: BlockingHttp, data: bytes, **times: float) -> HttpResponse | Lost:
        heard = asked(self, data, **times)
        return Lost(delivered=True, reason="no answer in time") if data.startswith(b"POST") else heard

    monkeypatch.setattr(BlockingHttp, "exchange", silent)
    said = type_in("order buy BTCUSDT 0.001 @ 59000 --client-order-id mine")
    assert said.code == 1
    assert "surefoot order show BTCUSDT mine --env local tells" in said.err
    assert "order" in type_in("order show BTCUSDT mine").out


def test_a_key_of_somebody_else(type_in: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUREFOOT_API_KEY", "x" * 64)
    said = type_in("balances")
    assert said.code == 1
    assert "is it a key of this environment" in said.err
