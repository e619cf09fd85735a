"""Answers that no decoder reads: every way of being unreadable ends in the same few values, never in a bare
exception.
"""

import pytest

from surefoot.client.teller import _counted, _order_facts
from surefoot.codec import wsapi
from surefoot.codec.rest import decode_answer, decode_error, retry_after_ms
from surefoot.errors import ProtocolViolation
from surefoot.spot.general import Ping
from surefoot.values import whole

DEEP = b"[" * 100_000
UNREADABLE = {
    "nothing": b"",
    "a page": b"<html><body>502 Bad Gateway</body></html>",
    "cut short": b'{"code":-1000,"msg":"An unk',
    "nested too deeply": b'{"code":-1,"msg":"","data":' + DEEP,
    "not UTF-8": b'{"code":-1,"msg":"\xff"}',
    "a number beyond all": b'{"code":1e999}',
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_refusal(body: bytes) -> None:
    assert decode_error(body) is None


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"a":' + DEEP, b'"\xff"'])
def test_what_is_no_answer(body: bytes) -> None:
    """Not even where the answer has no fields, so that any object would do."""
    with pytest.raises(ProtocolViolation):
        decode_answer(Ping(), body)


@pytest.mark.parametrize(
    "data",
    [
        b'{"id":1,"status":200,"result":' + DEEP,
        b'{"id":1,"status":400,"error":{"code":-1,"data":' + DEEP,
        b'{"event":' + DEEP,
        b'{"id":"\xff"}',
        b"[]",
        b"1",
    ],
)
def test_what_is_no_message(data: bytes) -> None:
    with pytest.raises(ProtocolViolation):
        wsapi.decode(data)


@pytest.mark.parametrize("body", [b'{"status":"\xff"}', b'{"x":' + DEEP, b'{"fills":[{"qty":1e999}]}'])
def test_what_is_told_of_an_unreadable_order(body: bytes) -> None:
    assert _order_facts(body) == {"unreadable": True}


@pytest.mark.parametrize("text", ["", "²", "-1", "1.5", "9" * 10, "9" * 5000, "١", " 1", "1\n"])
def test_what_is_no_count(text: str) -> None:
    """A digit is not always one that `int` takes, and a number may have more digits than it bears."""
    assert whole(text) is None
    assert retry_after_ms({"retry-after": text}) is None
    assert _counted({"x-mbx-used-weight-1m": text}, "x-mbx-used-weight-") == {}


def test_what_is_a_count() -> None:
    assert whole("120") == 120
    assert retry_after_ms({"retry-after": "120"}) == 120_000
    assert _counted({"x-mbx-used-weight-1m": "7", "other": "8"}, "x-mbx-used-weight-") == {"1m": 7}
