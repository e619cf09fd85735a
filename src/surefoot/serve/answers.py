"""How answers are wrapped: REST bodies and limit headers, the WebSocket API's envelope."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from surefoot.serve.denial import Denial
from surefoot.serve.frames import RequestId
from surefoot.wire import HttpResponse

JSON = {"content-type": "application/json;charset=UTF-8"}
_LETTERS = {"SECOND": "S", "MINUTE": "M", "HOUR": "H", "DAY": "D"}

_encode = msgspec.json.Encoder().encode


class Used(msgspec.Struct, frozen=True, rename="camel"):
    """One limit and how much of it is used, as the WebSocket API's `rateLimits` says it."""

    rate_limit_type: str
    interval: str
    interval_num: int
    limit: int
    count: int

    @property
    def header(self) -> str:
        """The header that says the same on REST."""
        kind = "order-count" if self.rate_limit_type == "ORDERS" else "used-weight"
        return f"x-mbx-{kind}-{self.interval_num}{_LETTERS[self.interval].lower()}"


def limit_headers(used: Sequence[Used]) -> dict[str, str]:
    """``X-MBX-USED-WEIGHT``, ``-1M`` and the order counts."""
    headers: dict[str, str] = {}
    for limit in used:
        if limit.rate_limit_type == "REQUEST_WEIGHT":
            headers.setdefault("x-mbx-used-weight", str(limit.count))
        headers[limit.header] = str(limit.count)
    return headers


def rest_answer(body: bytes, headers: Mapping[str, str]) -> HttpResponse:
    """A 200 with a JSON body."""
    return HttpResponse(200, {**JSON, **headers}, body)


def rest_denial(denial: Denial, headers: Mapping[str, str], now_ms: int) -> HttpResponse:
    """An error body; ``Retry-After`` in seconds where waiting helps."""
    extra = {}
    if denial.retry_at_ms is not None:
        extra["retry-after"] = str(max(1, -(-(denial.retry_at_ms - now_ms) // 1000)))
    said: dict[str, Any] = {"code": denial.code, "msg": denial.message}
    if denial.data is not None:
        said["data"] = denial.data
    body = _encode(said)
    return HttpResponse(denial.status, {**JSON, **headers, **extra}, body)


def envelope(
    request_id: RequestId, status: int, content: tuple[str, Any], used: Sequence[Used] | None
) -> bytes:
    """One WebSocket API answer: `content` is ("result", …) or ("error", …); `used` None hides the limits."""
    answer: dict[str, Any] = {"id": request_id, "status": status, content[0]: content[1]}
    if used is not None:
        answer["rateLimits"] = used
    return _encode(answer)


def ws_denial(denial: Denial, now_ms: int) -> tuple[str, dict[str, Any]]:
    """The `error` member; ``data.retryAfter`` (milliseconds since 1970) where waiting helps."""
    error: dict[str, Any] = {"code": denial.code, "msg": denial.message}
    data = dict(denial.data or {})
    if denial.retry_at_ms is not None:
        data |= {"serverTime": now_ms, "retryAfter": denial.retry_at_ms}
    if data:
        error["data"] = data
    return "error", error
