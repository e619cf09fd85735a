"""JSON that is no request, and requests with members of the wrong kind, over the WebSocket API and to the
streams: each is answered, in documented words.
"""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.serve.routes import WS_API
from tests.badinput.frames import API, must_be_documented, speak, text
from tests.badinput.grounds import grounds, story
from tests.net.frames import close_frame

DEEP = 16_000  # below the limit of a message, and far beyond what can be recursed into
LARGE = "9" * 5_000
WRONG: tuple[str, ...] = (
    *("null", "true", "0", "-1", "1.5", "1e999", LARGE, f"-{LARGE}", f"1.{LARGE}", '""', '"x"', "[]", "{}"),
    *("[1]", '{"a":1}', '"\\ud800"', '"\\u0000"', f"{'[' * 5_000}{']' * 5_000}",
     '{"a":' * 2_000 + "1" + "}" * 2_000),
)  # fmt: skip
NO_JSON: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b"  \n",
    "a NUL": b"\0",
    "not UTF-8": b"\xff\xfe",
    "a page": b"<html></html>",
    "cut short": b'{"id":1,"method":"pi',
    "two at once": b'{"id":1,"method":"ping"}{"id":2,"method":"ping"}',
    "a comma too many": b'{"id":1,"method":"ping",}',
    "NaN": b"NaN",
    "a list": b"[]",
    "a number": b"1",
    "nested too deeply": b"[" * DEEP,
    "objects too deep": b'{"a":' * (DEEP // 5),
    "deep where it is not read": b'{"id":1,"method":"ping","x":' + b"[" * (DEEP // 2),
}


def _member(name: str, wrong: str) -> bytes:
    members = {"id": "1", "method": '"order.place"', "params": '{"symbol":"BTCUSDT"}'} | {name: wrong}
    return ("{" + ",".join(f'"{name}":{value}' for name, value in members.items()) + "}").encode()


def _param(name: str, wrong: str) -> bytes:
    return _member("params", json.dumps({name: 0}).replace("0", wrong))


TWICE = b'{"id":1,"id":2,"method":"ping","method":"time","params":{"symbol":"A","symbol":"B"}}'
BAD = [
    *NO_JSON.values(),
    *(_member(name, wrong) for name in ("id", "method", "params") for wrong in WRONG),
    *(_param(name, wrong) for name in ("symbol", "timestamp", "signature") for wrong in WRONG),
    *(_member("method", json.dumps(method)) for method in ("", "x" * 9_000, "order.place ", "v3/", "\0")),
    _member("id", '"' + "x" * 37 + '"'),
    _member("id", str(2**63)),
    TWICE,
]  # fmt: skip


async def _one_by_one(path: str, messages: list[bytes]) -> list[Any]:
    """All of them on one connection, each with its answer, then a polite good-bye."""
    async with grounds() as here:
        said = await speak(here.port, path, [*map(text, messages), close_frame(1000, masked=True)])
        must_be_documented(said)
        await here.undisturbed()
        assert said.code == 1000
        return said.messages


def test_bad_messages_to_the_websocket_api() -> None:
    async def told() -> None:
        heard = await _one_by_one(API, [*BAD, b'{"id":"last","method":"ping"}'])
        assert len(heard) == len(BAD) + 1
        refused = [answer for answer in heard if answer["status"] != 200]
        assert len(refused) >= len(BAD) - 1  # what is said twice may be a good request
        assert heard[-1] == heard[-1] | {"id": "last", "status": 200, "result": {}}

    story(told())


@pytest.mark.parametrize("first", range(0, len(BAD), 4))
def test_bad_messages_to_a_stream(first: int) -> None:
    """Four on a connection: the sixth of a second would end it."""

    async def told() -> None:
        messages = BAD[first : first + 4]
        heard = await _one_by_one("/ws", [*messages, b'{"id":9,"method":"LIST_SUBSCRIPTIONS"}'])
        assert len(heard) == len(messages) + 1
        assert all("code" in answer for answer in heard[:-1] if answer.get("id") != 2)
        assert heard[-1] == {"id": 9, "result": []}

    story(told())


NAMES = sorted(
    {parameter.name for route in WS_API.values() for parameter in route.parameters} | {"apiKey", "signature"}
)
NUMBERS = (
    st.integers(-(10**40), 10**40) | st.floats(allow_nan=False) | st.sampled_from([2**63, 2**64, 10**400])
)
JSON: Any = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=6) | st.sampled_from(["BTCUSDT", "ed25519"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
METHODS = st.sampled_from([*sorted(WS_API), "SUBSCRIBE", "UNSUBSCRIBE", "SET_PROPERTY", "GET_PROPERTY"])
REQUESTS = st.fixed_dictionaries(
    {"id": JSON | st.just(1), "method": METHODS | JSON},
    optional={"params": JSON | st.dictionaries(st.sampled_from(NAMES), JSON, max_size=5)},
)  # fmt: skip


@settings(max_examples=60)
@given(requests=st.lists(REQUESTS | JSON, min_size=1, max_size=12))
def test_any_json(requests: list[Any]) -> None:
    async def told() -> None:
        messages = [json.dumps(request).encode() for request in requests]
        assert len(await _one_by_one(API, messages)) == len(messages)
        await _one_by_one("/stream", messages[:5])

    story(told())
