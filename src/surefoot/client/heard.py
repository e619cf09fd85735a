"""What came over a wire, as one word for both ways: `Said`."""

from collections.abc import Callable, Iterable, Iterator

from surefoot.client.timesync import END_OF_TIME_MS
from surefoot.codec.rest import ErrorBody, decode_error, retry_after_ms
from surefoot.codec.wsapi import Message
from surefoot.rules.outcomes import Said
from surefoot.spot.general import RateLimit, window_name
from surefoot.values import UNSET
from surefoot.wire import Headers, HttpResponse


def http_said(response: HttpResponse, now_ms: Callable[[], int]) -> Said:
    """What an HTTP answer says; `now_ms` (exchange's clock) turns Retry-After's seconds into a moment."""
    if 200 <= response.status < 300:  # noqa: PLR2004
        return Said(status=response.status, result=response.body, headers=response.headers)
    wait_ms = retry_after_ms(response.headers)
    refusal = decode_error(response.body)
    return Said(
        status=response.status,
        result=response.body,
        code=refusal.code if refusal else None,
        message=refusal.msg if refusal else None,
        data=refusal.data if refusal else None,
        headers=response.headers,
        retry_at_ms=None if wait_ms is None else now_ms() + wait_ms,
    )


_HEADERS = {"REQUEST_WEIGHT": "x-mbx-used-weight-", "ORDERS": "x-mbx-order-count-"}


def message_said(message: Message, now_ms: Callable[[], int]) -> Said:
    """What a WebSocket API answer says, in the words of REST; `now_ms` as above."""
    refusal = message.error or _refusal_inside(message)
    return Said(
        status=message.status or 0,
        result=message.result,
        code=refusal.code if refusal else None,
        message=refusal.msg if refusal else None,
        data=refusal.data if refusal else None,
        headers=Headers(_counts(message.rate_limits)),
        retry_at_ms=_moment(refusal.data, now_ms) if refusal else None,
        limits=message.rate_limits,
    )


def _counts(limits: Iterable[RateLimit]) -> Iterator[tuple[bytes, bytes]]:
    """The header lines that these counts would be; spelled when somebody first asks."""
    for limit in limits:
        if limit.rate_limit_type in _HEADERS and limit.count is not UNSET:
            name = _HEADERS[limit.rate_limit_type] + window_name(limit)
            yield name.encode(), str(limit.count).encode()


def _moment(data: object, now_ms: Callable[[], int]) -> int | None:
    """When the exchange wants to be asked again; None where it does not say, or nothing that is a time.

    Where it says besides what time it is there, what counts is the difference: our own idea of its clock may
    be wrong by hours before the first measurement.
    """
    said = data if isinstance(data, dict) else {}
    at_ms, there_ms = _time(said.get("retryAfter")), _time(said.get("serverTime"))
    if at_ms is None or there_ms is None:
        return at_ms
    return now_ms() + max(0, at_ms - there_ms)


def _time(said: object) -> int | None:
    return said if isinstance(said, int) and 0 <= said < END_OF_TIME_MS else None


def _refusal_inside(message: Message) -> ErrorBody | None:
    """The refusal that came as a result: so says referencePrice of a symbol that never had one."""
    body = bytes(message.result)
    return decode_error(body) if body.startswith(b'{"code":-') else None
