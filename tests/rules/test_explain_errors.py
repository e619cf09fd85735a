"""Exceptions instead of texts: surefoot's own with their facts, other clients' by what all have."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from surefoot import errors, explain
from surefoot.errors import Facts, Happened, Misuse
from surefoot.rules.explain import Context, Explanation, Retry
from surefoot.rules.outcomes import NotDelivered, Outcome, Partly, Refused, Said, Unknown, error_of
from surefoot.spot.account import GetAccount
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.trade import NewOrder, TestOrder

BUY: dict[str, Any] = {
    "symbol": "BTCUSDT",
    "side": Side.BUY,
    "type": OrderType.MARKET,
    "quantity": Decimal("0.5"),
}
FACTS = Facts(request=NewOrder(**BUY), client_order_id="sf-1", signed_at_ms=1_000, too_late_after_ms=6_000)


def told(answer: Explanation) -> tuple[str, str, str]:
    return answer.cause, answer.happened.value, answer.retry.value


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        (
            Refused(Said(status=400, code=-1013, message="Filter failure: LOT_SIZE")),
            ("filter_lot_size", "no", "after_fix"),
        ),
        (
            Refused(
                Said(
                    status=400,
                    code=-1021,
                    message="Timestamp for this request was 1000ms ahead of the server's time.",
                )
            ),
            ("clock_ahead", "no", "after_resync"),
        ),
        (Refused(Said(status=418, code=-1003, retry_at_ms=99)), ("banned", "no", "after_wait")),
        (Refused(Said(status=429, code=-1015)), ("too_many_orders", "no", "after_wait")),
        (Refused(Said(status=403)), ("waf_blocked", "no", "after_wait")),
        (Refused(Said(status=451)), ("restricted_location", "no", "never")),
        (
            Partly(Said(status=409, code=-2021, message="half", data={"cancelResult": "SUCCESS"})),
            ("cancel_replace_half_done", "half", "resolve_first"),
        ),
        (Unknown("no answer within 15000 ms"), ("read_timeout", "unknown", "resolve_first")),
        (Unknown("a shape nobody has seen"), ("network_error", "unknown", "resolve_first")),
        (Unknown("HTTP 503: x", Said(status=503)), ("server_error", "unknown", "resolve_first")),
        (NotDelivered("[Errno 111] Connect call failed"), ("connection_refused", "no", "safe")),
        (NotDelivered("the connection was reset before TLS was done"), ("cannot_connect", "no", "safe")),
    ],
)
def test_what_the_client_raises_is_explained_by_its_facts(
    outcome: Outcome, wanted: tuple[str, str, str]
) -> None:
    error = error_of(outcome, mutates=True, facts=FACTS)
    answer = explain(error)
    assert told(answer) == wanted
    assert answer.happened is error.happened
    assert "client order id sf-1" in answer.evidence


def test_a_read_of_ours_is_irrelevant() -> None:
    facts = Facts(request=GetAccount())
    silent = error_of(Unknown("no answer within 15000 ms"), mutates=False, facts=facts)
    assert told(explain(silent)) == ("read_timeout", "irrelevant", "safe")
    assert told(explain(errors.NoAnswer("nobody acknowledged the subscription")))[1:] == (
        "irrelevant",
        "safe",
    )
    tested = error_of(Unknown("cut"), mutates=True, facts=Facts(request=TestOrder(**BUY)))
    assert told(explain(tested))[1:] == ("irrelevant", "safe")


def test_a_float_of_ours_would_be_seen() -> None:
    refused = Refused(
        Said(
            status=400,
            code=-1100,
            message="Illegal characters found in parameter 'quantity'; legal range is 'x'.",
        )
    )
    answer = explain(error_of(refused, mutates=True, facts=FACTS), {"params": {"quantity": 1e-05}})
    assert answer.cause == "scientific_notation"
    assert explain(error_of(refused, mutates=True, facts=FACTS)).evidence[-3:] != ()


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (Misuse("quantity: float 0.1 is not exact money"), ("misuse", "no", "after_fix")),
        (errors.FilterViolation("NOTIONAL", "quantity", 1, "≥ 5", 5), ("filter_notional", "no", "after_fix")),
        (errors.PolicyRefusal("largest order", 100, 200), ("policy_refused", "no", "after_fix")),
        (
            errors.HeldBack("the budget is used up", Facts(retry_at_ms=5_000)),
            ("held_back", "no", "after_wait"),
        ),
        (
            errors.HeldBack("too late to sign: its last signing moment has passed"),
            ("too_late_to_sign", "no", "after_fix"),
        ),
        (errors.ProtocolViolation("not HTTP/1.1"), ("unreadable_answer", "unknown", "resolve_first")),
        (errors.SurefootError("?"), ("exchange_error", "unknown", "resolve_first")),
    ],
)
def test_every_branch_of_the_tree(error: errors.SurefootError, wanted: tuple[str, str, str]) -> None:
    assert told(explain(error)) == wanted


def test_times_are_handed_on() -> None:
    answer = explain(errors.HeldBack("the budget is used up", Facts(retry_at_ms=5_000)))
    assert answer.retry_at_ms == 5_000
    assert "5000" in answer.text
    limited = Refused(Said(status=429, code=-1003, headers={"retry-after": "7"}, retry_at_ms=9_000))
    answer = explain(error_of(limited, mutates=True, facts=FACTS))
    assert (answer.wait_ms, answer.retry_at_ms) == (7_000, 9_000)


class Response:
    status_code = 503
    text = "<html><title>503 Service Unavailable</title></html>"
    headers = MappingProxyType({"Retry-After": "3"})


class BinanceAPIException(Exception):
    def __init__(self, code: int, message: str, response: object = None) -> None:
        self.code, self.message, self.response = code, message, response

    def __str__(self) -> str:
        return f"APIError(code={self.code}): {self.message}"


class Request:
    method, url = "POST", "https://api.binance.com/api/v3/order?signature=abcdef0123456789"


class Unwilling(Exception):
    """Everything about it raises."""

    def __str__(self) -> str:
        raise ValueError("no words")

    @property
    def request(self) -> object:
        raise RuntimeError("not set")


def test_another_clients_exception_brings_response_and_request() -> None:
    error = BinanceAPIException(0, "Invalid JSON error message from Binance: <html>", Response())
    assert told(explain(error)) == ("server_error", "unknown", "resolve_first")
    assert explain(error).wait_ms == 3_000
    timed_out = TimeoutError()
    timed_out.request = Request()  # type: ignore[attr-defined]
    answer = explain(timed_out)
    assert told(answer) == ("timeout", "unknown", "resolve_first")
    assert not answer.ambiguous or "POST order" in answer.evidence
    assert "abcdef0123456789" not in answer.text


class NetworkError(Exception):
    """As ccxt raises it."""


class ReadTimeout(Exception):
    """As requests raises it."""


def raised(one: Exception, then: Exception, *, because: bool) -> Exception:
    """The second exception as if raised while the first was dealt with, or because of it."""
    then.__context__ = one
    if because:
        then.__cause__ = one
    return then


POSTED = "binance POST https://api.binance.com/api/v3/order"


def test_the_cause_behind_an_exception_is_asked() -> None:
    """ccxt says NetworkError for a refused connection; what is behind it knows that nothing was sent."""
    refused = ConnectionRefusedError(111, "Connection refused")
    behind = raised(refused, NetworkError(POSTED), because=True)
    assert told(explain(behind)) == ("connection_refused", "no", "safe")
    assert told(explain(NetworkError(POSTED)))[1:] == ("unknown", "resolve_first")


def test_a_time_out_behind_a_refusal_keeps_the_doubt() -> None:
    """The order was placed again after a time-out: the refusal of the second says nothing of the first."""
    refused = BinanceAPIException(-2010, "Account has insufficient balance for requested action.")
    again = raised(ReadTimeout("Read timed out."), refused, because=False)
    assert told(explain(again)) == ("insufficient_balance", "unknown", "resolve_first")


class BinanceOrderException(Exception):
    """As python-binance refuses an order by itself."""

    def __init__(self, code: int, message: str) -> None:
        self.code, self.message = code, message

    def __str__(self) -> str:
        return f"BinanceOrderException(code={self.code}): {self.message}"


class BinanceOrderMinTotalException(BinanceOrderException):
    def __init__(self, value: str) -> None:
        super().__init__(-1013, f"Total must be at least {value}")


def test_an_order_that_a_client_refused_by_itself() -> None:
    refused = BinanceOrderMinTotalException("10")
    assert told(explain(refused)) == ("filter_min_notional", "no", "after_fix")
    unknown = BinanceOrderException(-1013, "Unknown symbol FOOBAR")
    assert told(explain(unknown)) == ("bad_symbol", "no", "after_fix")


def test_a_failed_retry_says_nothing_of_the_attempt_before_it() -> None:
    """The name could not be resolved when it was placed again: the first one may have arrived."""
    first = NetworkError(POSTED)
    unresolved = OSError("[Errno -3] Temporary failure in name resolution")
    assert told(explain(raised(first, unresolved, because=False)))[1:] == ("unknown", "resolve_first")
    assert told(explain(OSError(str(unresolved)))) == ("dns_failure", "no", "safe")


def test_an_exception_without_words_is_explained() -> None:
    assert explain(Unwilling()).happened is Happened.UNKNOWN
    looped = ValueError("a")
    looped.__cause__ = looped
    assert explain(looped).retry is Retry.RESOLVE_FIRST


def test_a_context_that_is_not_understood_is_refused() -> None:
    with pytest.raises(Misuse, match="no key 'verb'"):
        explain("x", {"verb": "GET"})
    with pytest.raises(Misuse, match="status is a number"):
        explain("x", {"status": "many"})
    with pytest.raises(Misuse, match="method is a text"):
        explain("x", {"method": ["GET"]})
    with pytest.raises(Misuse, match="params are an object"):
        explain("x", {"params": 7})
    with pytest.raises(Misuse, match="not an object"):
        explain("x", [])  # type: ignore[arg-type]


def test_context_values_may_be_missing_or_null() -> None:
    answer = explain("-1007", {"method": None, "path": "", "params": None, "status": None})
    assert answer == explain("-1007", Context())


def test_several_errors_in_one_text_are_told_once_each() -> None:
    log = "\n".join(
        [
            "2026-11-26 07:00:00 ERROR APIError(code=-1121): Invalid symbol.",
            "2026-11-26 07:00:01 ERROR APIError(code=-1121): Invalid symbol.",
            "2026-11-26 07:00:02 ERROR APIError(code=-1007): Timeout waiting for response.",
            "2026-11-26 07:00:03 ERROR APIError(code=-1102): Mandatory parameter 'side' was not sent.",
        ]
    )
    answer = explain(log)
    assert answer.cause == "backend_timeout"
    assert [other.cause for other in answer.others] == ["bad_symbol", "missing_or_malformed_parameter"]
