"""What no text may bring about: advice that could double an order, a crash, a secret printed back."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot import explain
from surefoot.errors import Happened
from surefoot.rules.explain import Explanation, Retry
from surefoot.rules.explain.causes import CAUSES

TEXTS = [
    json.loads(line)["text"]
    for line in (Path(__file__).parent / "explain_cases.jsonl").read_text(encoding="utf-8").splitlines()
]
WRITES: list[dict[str, Any]] = [
    {"method": "POST", "path": "/api/v3/order"},
    {"method": "POST", "path": "/api/v3/order/cancelReplace"},
    {"method": "POST", "path": "/api/v3/orderList/otoco"},
    {"method": "DELETE", "path": "/api/v3/order"},
    {"method": "PUT", "path": "/api/v3/order/amend/keepPriority"},
    {"method": "POST"},
    {"method": "order.place"},
    {"path": "sor.order.place"},
    {},
]
CONTEXTS = st.builds(
    lambda call, more: {**call, **more},
    st.sampled_from(WRITES),
    st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from([200, 400, 401, 403, 404, 409, 418, 429, 451, 500, 502, 503, 504]),
            "environment": st.sampled_from(["production", "testnet", "demo", "local"]),
            "host": st.sampled_from(["api.binance.com", "testnet.binance.vision", "data-api.binance.vision"]),
            "after": st.sampled_from(["timeout", "reconnect", "cancel", "placing", "HTTP 503"]),
            "signed_age_ms": st.integers(0, 100_000),
            "round_trip_ms": st.integers(0, 100_000),
            "key_type": st.sampled_from(["HMAC", "RSA", "Ed25519"]),
            "params": st.sampled_from(
                ["symbol=BTCUSDT&quantity=1e-05", {"timestamp": 1}, {"recvWindow": 90000}]
            ),
        },
    ),
)
ANYTHING = st.one_of(
    st.text(max_size=400),
    st.sampled_from(TEXTS),
    st.lists(st.sampled_from(TEXTS), min_size=2, max_size=4).map("\n".join),
    st.tuples(st.sampled_from(TEXTS), st.integers(0, 200), st.text(max_size=20)).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :]
    ),
)
LATER = {Retry.SAFE, Retry.AFTER_WAIT, Retry.AFTER_RESYNC, Retry.AFTER_FIX}
MAYBE = {Happened.UNKNOWN, Happened.HALF, Happened.YES}


def no_doubling(answer: Explanation) -> None:
    for each in (answer, *answer.others):
        assert not (each.retry in LATER and each.happened in MAYBE), each


@given(ANYTHING, CONTEXTS)
@settings(max_examples=400)
def test_what_may_have_happened_is_never_sent_again(text: str, context: dict[str, Any]) -> None:
    """RETRY-3: whatever the text, after an outcome that may be a done one nothing is sent again."""
    answer = explain(text, context)
    no_doubling(answer)
    if "method" in context or "path" in context:
        told = {each.happened for each in (answer, *answer.others) if CAUSES.get(each.cause)}
        unclear = answer.cause not in CAUSES or not CAUSES[answer.cause].of_reads
        assert Happened.IRRELEVANT not in told or not unclear


@given(st.sampled_from(TEXTS), st.sampled_from(WRITES))
@settings(max_examples=200)
def test_a_time_out_before_a_refusal_keeps_the_doubt(text: str, context: dict[str, Any]) -> None:
    answer = explain(f"requests.exceptions.ReadTimeout: Read timed out.\n{text}", context)
    if context or explain(text).happened is not Happened.IRRELEVANT:  # its words may tell of a read
        assert answer.retry not in LATER
        assert answer.happened is not Happened.NO


@given(
    st.sampled_from(TEXTS),
    st.sampled_from([{"method": "GET", "path": "/api/v3/time"}, {"method": "order.test"}]),
)
def test_a_read_can_do_no_harm(text: str, context: dict[str, Any]) -> None:
    answer = explain(text, context)
    assert answer.happened in {Happened.IRRELEVANT, *MAYBE} or "POST" in text or "order" in text


@given(st.binary(max_size=600), st.sampled_from(["text", "bytes"]))
@settings(max_examples=200)
def test_no_bytes_are_too_strange(data: bytes, kind: str) -> None:
    answer = explain(data if kind == "bytes" else data.decode("utf-8", "replace"))
    assert answer.text
    no_doubling(answer)


@given(
    st.sampled_from(
        [
            "signature=",
            "apiKey=",
            "X-MBX-APIKEY: ",
            '"apiKey":"',
            "'X-MBX-APIKEY': '",
            "secret=",
            "listenKey=",
        ]
    ),
    st.text(alphabet="abcdefABCDEF0123456789", min_size=16, max_size=64),
    st.sampled_from(TEXTS),
)
def test_a_secret_is_not_printed_back(name: str, secret: str, text: str) -> None:
    """OBS-5."""
    spoken = f"{text} GET https://api.binance.com/api/v3/account?{name}{secret} -1021"
    answer = explain(spoken, {"params": {"signature": secret, "symbol": "x"}})
    told = str(answer) + repr(answer)
    assert secret not in told


def test_a_large_log_is_read_to_its_end() -> None:
    """5 MB; the last line is what counts, since all before it changes nothing."""
    line = "2026-11-26 07:00:00,101 INFO GET https://api.binance.com/api/v3/ticker/price 200 OK {n}\n"
    log = "".join(line.replace("{n}", str(n)) for n in range(60_000))
    assert len(log) > 5_000_000
    answer = explain(log + "2026-11-26 07:00:01,000 ERROR APIError(code=-1121): Invalid symbol.\n")
    assert answer.cause == "bad_symbol"


def test_one_very_long_line_is_read_at_both_ends() -> None:
    assert explain('{"code":-1121,"msg":"Invalid symbol."}' + "x" * 5_000_000).cause == "bad_symbol"
    assert explain("x" * 5_000_000 + '{"code":-1121,"msg":"Invalid symbol."}').cause == "bad_symbol"
    assert explain("(" * 100_000 + "[" * 100_000).cause == "not_recognised"
    assert explain(("ab " * 10 + "\n") * 200_000).cause == "not_recognised"
