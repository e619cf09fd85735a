"""Error bodies, limit headers and the WebSocket API's envelope."""

import json

from surefoot.serve.answers import Used, envelope, limit_headers, rest_answer, rest_denial, ws_denial
from surefoot.serve.denial import Denial

WEIGHT = Used("REQUEST_WEIGHT", "MINUTE", 1, 6000, 70)
ORDERS = Used("ORDERS", "SECOND", 10, 100, 12)


def test_headers_name_interval_and_count() -> None:
    """LIMIT-2, LIMIT-3: what the server says about limits."""
    assert limit_headers([WEIGHT, ORDERS, Used("ORDERS", "DAY", 1, 200_000, 4043)]) == {
        "x-mbx-used-weight": "70",
        "x-mbx-used-weight-1m": "70",
        "x-mbx-order-count-10s": "12",
        "x-mbx-order-count-1d": "4043",
    }


def test_an_answer_keeps_its_headers() -> None:
    answer = rest_answer(b"{}", {"x-mbx-used-weight": "1"})
    assert (answer.status, answer.body) == (200, b"{}")
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-mbx-used-weight"] == "1"


def test_a_denial_says_code_message_and_when_to_come_back() -> None:
    """LIMIT-5: Retry-After in whole seconds, rounded up."""
    denial = Denial(-1003, "slow", retry_at_ms=61_001)
    answer = rest_denial(denial, {}, 60_000)
    assert answer.status == 429
    assert answer.headers["retry-after"] == "2"
    assert json.loads(answer.body) == {"code": -1003, "msg": "slow"}
    assert "retry-after" not in rest_denial(Denial(-1102, "m"), {}, 0).headers
    assert ws_denial(denial, 5) == (
        "error",
        {"code": -1003, "msg": "slow", "data": {"serverTime": 5, "retryAfter": 61_001}},
    )


def test_the_envelope() -> None:
    whole = json.loads(envelope("7", 200, ("result", {}), [ORDERS]))
    assert whole == {
        "id": "7",
        "status": 200,
        "result": {},
        "rateLimits": [
            {
                "rateLimitType": "ORDERS",
                "interval": "SECOND",
                "intervalNum": 10,
                "limit": 100,
                "count": 12,
            }
        ],
    }
    assert json.loads(envelope(None, 400, ("error", {"code": 1}), None)) == {
        "id": None,
        "status": 400,
        "error": {"code": 1},
    }
