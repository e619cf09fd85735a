"""Strangers' bytes: whatever is sent, the answer is a documented one and the exchange lives on."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surefoot.exchange.door.streams import StreamSession
from surefoot.exchange.feeds.listeners import StreamListener
from surefoot.serve.routes import REST, WS_API

NAMES = sorted({parameter.name for route in WS_API.values() for parameter in route.parameters})
NAMES += ["timestamp", "recvWindow", "signature", "apiKey", "returnRateLimits", "", "x"]
TEXTS = st.sampled_from(
    ["BTCUSDT", "1", "0", "LIMIT", "BUY", "true", '["ETHBTC"]', "", "[", "%", "１"]
) | st.text(max_size=8)
fuzzed = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@fuzzed
@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "PUT"]),
    path=st.sampled_from([*(path for _, path in REST), "/", "/api/v3/nothing"]),
    query=st.lists(st.tuples(st.sampled_from(NAMES), TEXTS), max_size=6),
    tail=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12),
    body=st.binary(max_size=30),
)
def test_rest(bench, *, method: str, path: str, query: list[tuple[str, str]], tail: str, body: bytes) -> None:
    target = f"{path}?" + "&".join(f"{name}={text}" for name, text in query) + tail
    answer = bench.raw(method, target, {"x-mbx-apikey": bench.alice.api_key}, body)
    assert answer.status in {200, 400, 401, 404, 410, 429}
    content = json.loads(answer.body)
    assert answer.status == 200 or set(content) == {"code", "msg"}


@fuzzed
@given(
    operation=st.sampled_from(["order.place", "order.test", "order.cancel", "order.status", "myTrades"]),
    params=st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=8),
)
def test_signed_nonsense(bench, connect, operation: str, params: dict[str, str]) -> None:
    """Well signed, badly meant: the order book is never left in a state of its own."""
    answer = connect(bench).hmac(operation, bench.alice, **{"symbol": "BTCUSDT", **params})
    assert answer["status"] in {200, 400, 401, 429}
    assert bench.get("depth", symbol="BTCUSDT")


JSON_VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@fuzzed
@given(
    data=st.binary(max_size=40)
    | st.builds(
        lambda method, params, request_id: json.dumps(
            {"id": request_id, "method": method, "params": params}
        ).encode(),
        st.sampled_from(sorted(WS_API)) | st.text(max_size=6),
        JSON_VALUES | st.dictionaries(st.sampled_from(NAMES), JSON_VALUES, max_size=4),
        JSON_VALUES,
    )
)
def test_the_web_socket_api(bench, connect, data: bytes) -> None:
    client = connect(bench)
    client.session.on_text(data, bench.now_us)
    answer = client.wire.sent[0]
    assert {"id", "status"} <= set(answer)
    assert ("result" in answer) != ("error" in answer)


@fuzzed
@given(
    data=st.binary(max_size=40)
    | st.builds(
        lambda message: json.dumps(message).encode(),
        JSON_VALUES
        | st.fixed_dictionaries(
            {
                "id": JSON_VALUES,
                "method": st.sampled_from(["SUBSCRIBE", "UNSUBSCRIBE", "SET_PROPERTY", "GET_PROPERTY", "X"]),
                "params": JSON_VALUES
                | st.lists(st.sampled_from(["btcusdt@trade", "combined", ""]), max_size=3),
            }
        ),
    )
)
def test_control_messages(bench, connect, data: bytes) -> None:
    wire = connect(bench).wire
    listener = StreamListener(wire, combined=False, unit=1000)
    StreamSession(bench.front, listener, frozenset({"BTCUSDT"})).on_text(data, bench.now_us)
    [answer] = wire.sent
    assert set(answer) in ({"result", "id"}, {"code", "msg", "id"})
