"""GET /sapi/v1/account/apiRestrictions: what a key is told of itself (AUTH-7)."""

import json
from typing import Any

import pytest

import surefoot
from surefoot import errors
from surefoot.exchange.operations import Operations
from surefoot.testing import EmbeddedExchange
from surefoot.world import SeededEntropy
from tests.exchange.conftest import ADDRESS, Bench
from tests.exchange.test_keys import Holder
from tests.project.facts import facts

PATH = "/sapi/v1/account/apiRestrictions"


@pytest.mark.parametrize(
    ("permissions", "shown"),
    [
        (None, {"enableReading", "enableSpotAndMarginTrading"}),
        ({"trading": False}, {"enableReading"}),
        (
            {"withdrawals": True, "addresses": [ADDRESS]},
            {"enableReading", "enableSpotAndMarginTrading", "enableWithdrawals", "ipRestrict"},
        ),
    ],
)
def test_what_a_key_may_do(bench: Bench, connect: Any, permissions: Any, shown: set[str]) -> None:
    operations = Operations(bench.front, [bench.alice], SeededEntropy("keys"), lambda: bench.now_us)
    made_ms = bench.now_us // 1000
    one = Holder(bench, operations.keys.open("alice", "HMAC", permissions), connect)
    bench.now_us += 5_000_000
    answer = asked(one)
    assert {name for name, value in answer.items() if value is True} == shown
    assert answer["createTime"] == made_ms
    assert set(answer) == set(facts("beside")[0]["response"][0]["shape"])
    assert bench.raw("GET", "/api/v3/ping").headers["x-mbx-used-weight-1m"] == "2"


def asked(one: Holder) -> Any:
    from urllib.parse import urlencode

    from tests.exchange.test_keys import signature

    text = f"timestamp={one.bench.now_us // 1000}"
    text += "&" + urlencode({"signature": signature(one.key, text.encode())})
    answer = one.bench.raw("GET", f"{PATH}?{text}", {"x-mbx-apikey": one.key.api_key})
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def test_it_is_signed_and_on_rest_only(bench: Bench, connect: Any) -> None:
    assert json.loads(bench.raw("GET", PATH).body)["code"] == -2014
    assert connect(bench).ask("account.apiRestrictions")["error"]["code"] == -1020


def test_the_client_s_word_for_it(exchange: EmbeddedExchange) -> None:
    """AUTH-7: withdrawals on, restricted by address, made when."""
    owner = exchange.open_account(USDT=1)
    key = exchange.keys.open(owner, "HMAC", {"withdrawals": True, "addresses": ["127.0.0.1"]})
    with surefoot.Client(exchange.environment, key) as client:
        found = client.api_restrictions()
    assert (found.enable_withdrawals, found.ip_restrict, found.enable_futures) == (True, True, False)
    with surefoot.Client(exchange.environment) as client, pytest.raises(errors.Misuse):
        client.api_restrictions()
