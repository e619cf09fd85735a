"""What is sent again, what waits, what is told instead: a script (RETRY-1, RETRY-2, LIMIT-3, LIMIT-5)."""

from contextlib import suppress

import pytest

from surefoot import errors
from surefoot.budget.ledger import spending
from surefoot.client.allowance import AllowanceView
from surefoot.client.call import call, run_blocking
from surefoot.rules.outcomes import Said
from surefoot.rules.retries import ONCE, Retries
from surefoot.spot.account import GetAccount
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.general import Ping, RateLimit
from surefoot.spot.market import GetDepth
from surefoot.spot.trade import NewOrder
from surefoot.telemetry.observations import Held, LimitHit, Retried, Warned
from surefoot.wire import Headers, Lost
from tests.client.test_call import DONE, STALE, stage

ORDER = NewOrder(symbol="A", side=Side.BUY, type=OrderType.MARKET)
CUT = Lost(delivered=True, reason="reset")
NOT_SENT = Lost(delivered=False, reason="refused")
EMPTY = Said(status=200, result=b"{}")
SOME = Retries()


def limited(status: int = 429, *, code: int = -1003, wait_ms: int | None = None, now_ms: int = 0) -> Said:
    until = None if wait_ms is None else now_ms + wait_ms
    return Said(status=status, code=code, message="Too much", retry_at_ms=until)


@pytest.mark.parametrize("trouble", [CUT, NOT_SENT, Said(status=503), Said(status=400, code=-1008)])
def test_a_read_is_asked_again_after_a_back_off(trouble: Said | Lost) -> None:
    wire, desk, tape, clock = stage(trouble, trouble, EMPTY, retries=SOME)
    began = clock.monotonic
    run_blocking(call(wire, desk, Ping()))
    assert len(wire.sent) == 3
    assert 0 < clock.monotonic - began < 15_000
    assert tape.kinds().count(Retried) == 2


def test_a_read_is_given_up_after_six_more_tries_or_at_its_deadline() -> None:
    """RETRY-1: up to 6 retries in 10-15 s."""
    wire, desk, _, clock = stage(*[CUT] * 20, retries=SOME)
    began = clock.monotonic
    with pytest.raises(errors.NoAnswer):
        run_blocking(call(wire, desk, Ping()))
    assert len(wire.sent) <= 7
    assert clock.monotonic - began <= 15_000


@pytest.mark.parametrize(
    "trouble",
    [
        CUT,
        Said(status=500),
        Said(status=503),
        *[Said(status=400, code=-code) for code in (1000, 1001, 1006, 1007)],
    ],
)
def test_a_write_of_unknown_outcome_is_sent_once(trouble: Said | Lost) -> None:
    """RETRY-3: no code path sends it again."""
    wire, desk, _, _ = stage(trouble, *[DONE] * 5, retries=SOME)
    with pytest.raises(errors.OutcomeUnknown) as caught:
        run_blocking(call(wire, desk, ORDER))
    assert len(wire.sent) == 1
    assert caught.value.client_order_id is not None
    assert caught.value.too_late_after_ms is not None


def test_a_write_of_which_nothing_left_is_sent_again() -> None:
    wire, desk, tape, _ = stage(NOT_SENT, DONE, retries=SOME)
    assert run_blocking(call(wire, desk, ORDER)).order_id == 1
    assert len(wire.sent) == 2
    assert Retried in tape.kinds()


@pytest.mark.parametrize("code", [-1013, -2010, -1121, -1100])
def test_business_errors_are_never_tried_again(code: int) -> None:
    """RETRY-2."""
    wire, desk, _, _ = stage(Said(status=400, code=code, message="no"), DONE, retries=SOME)
    with pytest.raises(errors.Refused):
        run_blocking(call(wire, desk, ORDER))
    assert len(wire.sent) == 1


def test_a_write_that_met_429_leaves_after_the_wait_signed_afresh() -> None:
    """RETRY-1, RETRY-2: stamped after the wait, not before."""
    wire, desk, tape, _ = stage(retries=SOME)
    wire._answers += [limited(wait_ms=7_000, now_ms=desk.now_ms()), DONE]
    run_blocking(call(wire, desk, ORDER))
    first, second = wire.sent
    assert first.timestamp_ms is not None
    assert second.timestamp_ms is not None
    assert second.timestamp_ms - first.timestamp_ms >= 7_000
    assert LimitHit in tape.kinds()


def test_a_wait_that_is_too_long_is_told_with_its_end() -> None:
    wire, desk, _, _ = stage(retries=SOME)
    until_ms = desk.now_ms() + 60_000
    wire._answers += [limited(wait_ms=60_000, now_ms=desk.now_ms())]
    with pytest.raises(errors.RateLimited) as caught:
        run_blocking(call(wire, desk, ORDER))
    assert caught.value.retry_at_ms == until_ms
    with pytest.raises(errors.HeldBack) as held:  # the gate is closed for everybody
        run_blocking(call(wire, desk, Ping()))
    assert held.value.retry_at_ms == until_ms
    assert len(wire.sent) == 1


def test_where_the_exchange_does_not_say_how_long_it_is_until_the_window_ends() -> None:
    """Binance.US says 429 without Retry-After."""
    wire, desk, _, _ = stage(limited(), retries=ONCE)
    with pytest.raises(errors.RateLimited) as caught:
        run_blocking(call(wire, desk, Ping()))
    assert caught.value.retry_at_ms is not None
    assert 0 < caught.value.retry_at_ms - desk.now_ms() <= 60_050


def test_a_ban_is_told_and_stops_everything() -> None:
    wire, desk, tape, clock = stage(retries=SOME)
    wire._answers += [limited(418, wait_ms=120_000, now_ms=desk.now_ms()), EMPTY]
    with pytest.raises(errors.Banned):
        run_blocking(call(wire, desk, Ping()))
    for request in (Ping(), GetAccount(), ORDER):
        with pytest.raises(errors.HeldBack, match="banned"):
            run_blocking(call(wire, desk, request))
    assert len(wire.sent) == 1
    clock.monotonic += 120_000
    run_blocking(call(wire, desk, Ping()))
    assert len(wire.sent) == 2
    assert tape.kinds().count(Held) == 3


def test_rain_is_told_once() -> None:
    """LIMIT-6."""
    wire, desk, tape, _ = stage(*[CUT] * 30, retries=ONCE)
    for _ in range(25):
        with pytest.raises(errors.NoAnswer):
            run_blocking(call(wire, desk, Ping()))
    warned = [told.text for told in tape.heard if isinstance(told, Warned)]
    assert len(warned) == 1
    assert warned[0].startswith("it rains: 100% of the last 20 requests failed")


def test_too_many_orders_stop_orders_and_nothing_else() -> None:
    """LIMIT-3: -1015 is the account's business."""
    wire, desk, _, _ = stage(retries=ONCE)
    wire._answers += [limited(code=-1015, wait_ms=10_000, now_ms=desk.now_ms()), EMPTY]
    with pytest.raises(errors.RateLimited):
        run_blocking(call(wire, desk, ORDER))
    with spending(patience_ms=0), pytest.raises(errors.HeldBack, match="-1015"):
        run_blocking(call(wire, desk, ORDER))
    run_blocking(call(wire, desk, Ping()))
    assert len(wire.sent) == 2


def test_orders_beyond_the_count_are_held_back_until_the_window_ends() -> None:
    """LIMIT-3: limits as exchangeInfo says them, counts as headers do."""
    wire, desk, _, _ = stage(*[counted(number + 1) for number in range(3)], retries=ONCE)
    rows = (
        RateLimit(rate_limit_type="ORDERS", interval="SECOND", interval_num=10, limit=3),  # type: ignore[arg-type]
        RateLimit(rate_limit_type="REQUEST_WEIGHT", interval="MINUTE", interval_num=1, limit=6_000),  # type: ignore[arg-type]
    )
    desk.allowance.learn(rows, desk.now_ms())
    for _ in range(3):
        run_blocking(call(wire, desk, ORDER))
    with spending(patience_ms=0), pytest.raises(errors.HeldBack, match="3 new orders per 10s"):
        run_blocking(call(wire, desk, ORDER))
    wire._answers.append(counted(1))
    run_blocking(call(wire, desk, ORDER))  # with patience, in the next window
    assert len(wire.sent) == 4


def counted(orders: int) -> Said:
    headers = Headers({b"x-mbx-order-count-10s": str(orders).encode()})
    return Said(status=200, result=DONE.result, headers=headers)


def test_the_first_fill_of_an_order_gives_room_for_another() -> None:
    wire, desk, _, _ = stage(counted(1), counted(1), retries=ONCE)
    row = RateLimit(rate_limit_type="ORDERS", interval="SECOND", interval_num=10, limit=1)  # type: ignore[arg-type]
    desk.allowance.learn((row,), desk.now_ms())
    run_blocking(call(wire, desk, ORDER))
    desk.allowance.filled()
    with spending(patience_ms=0):
        run_blocking(call(wire, desk, ORDER))
    assert len(wire.sent) == 2


def test_a_read_may_be_stale_twice_and_a_write_once() -> None:
    wire, desk, _, _ = stage(STALE, STALE, EMPTY, retries=SOME)
    run_blocking(call(wire, desk, GetAccountOrFail()))
    assert wire.resyncs == 2
    wire, desk, _, _ = stage(STALE, STALE, DONE, retries=SOME)
    with pytest.raises(errors.StaleTimestamp):
        run_blocking(call(wire, desk, ORDER))
    assert len(wire.sent) == 2


class GetAccountOrFail(Ping, frozen=True):
    """A signed read with an empty answer."""

    endpoint = GetAccount.endpoint.__class__(
        method="GET",
        path="/api/v3/account",
        ws_method="account.status",
        weight=20,
        answer=Ping.endpoint.answer,
        security=GetAccount.endpoint.security,
    )


def test_the_last_signing_moment_holds_also_after_a_wait() -> None:
    wire, desk, _, _ = stage(retries=SOME)
    wire._answers += [limited(wait_ms=7_000, now_ms=desk.now_ms()), DONE]
    with pytest.raises(errors.HeldBack, match="too late to sign"):
        run_blocking(call(wire, desk, ORDER, sign_before_ms=desk.now_ms() + 5_000))
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    "bad", [{"count": -1}, {"count": 21}, {"first_ms": 0}, {"first_ms": 9, "longest_ms": 1}]
)
def test_retries_that_there_cannot_be(bad: dict[str, int]) -> None:
    with pytest.raises(errors.Misuse, match="Retries"):
        Retries(**bad)


DEPTH = Said(status=200, result=b'{"lastUpdateId":1,"bids":[],"asks":[]}')
DEAR = GetDepth(symbol="ETHUSDT", limit=5_000)
INFO = b"""{"rateLimits":[
    {"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000},
    {"rateLimitType":"REQUEST_WEIGHT","interval":"FORTNIGHT","intervalNum":1,"limit":1},
    {"rateLimitType":"REQUEST_WEIGHT","interval":"HOUR","intervalNum":0,"limit":1}]}"""


def test_limits_are_asked_for_when_there_is_not_enough_and_by_a_symbol() -> None:
    """LIMIT-1: read from exchangeInfo, never assumed. What is no limit there is left out."""
    wire, desk, _, _ = stage(Said(status=200, result=INFO), *[DEPTH] * 40, retries=ONCE)
    with spending(patience_ms=0):
        for _ in range(10):
            run_blocking(call(wire, desk, DEAR))
    asked = [spelled.target for spelled in wire.sent if "exchangeInfo" in spelled.target]
    assert asked == ["/api/v3/exchangeInfo?symbol=ETHUSDT"]
    assert AllowanceView(desk.allowance).used["1m"][1] == 6_000


def test_limits_are_asked_for_also_where_others_have_used_more_than_is_assumed() -> None:
    """Another program at the address: what it used is no reason to wait for a limit that nobody knows."""
    used = Said(status=200, result=b"{}", headers=Headers({b"x-mbx-used-weight-1m": b"2900"}))
    wire, desk, _, _ = stage(used, Said(status=200, result=INFO), DEPTH, retries=ONCE)
    with spending(patience_ms=0):
        run_blocking(call(wire, desk, Ping()))
        run_blocking(call(wire, desk, GetDepth(symbol="ETHUSDT", limit=5)))
    assert "exchangeInfo" in wire.sent[1].target


def test_a_symbol_that_there_is_not_does_not_keep_limits_from_being_read() -> None:
    unknown = Said(status=400, code=-1121, message="Invalid symbol.")
    wire, desk, _, _ = stage(unknown, Said(status=200, result=INFO), DEPTH, retries=ONCE)
    run_blocking(call(wire, desk, DEAR))
    assert [spelled.target for spelled in wire.sent][1] == "/api/v3/exchangeInfo"


@pytest.mark.parametrize("answer", [CUT, Said(status=200, result=b"{}"), Said(status=200, result=b"<html>")])
def test_limits_that_cannot_be_read_leave_what_is_assumed(answer: Said | Lost) -> None:
    wire, desk, _, _ = stage(answer, EMPTY, DEPTH, retries=ONCE)
    with spending(patience_ms=0), pytest.raises(errors.HeldBack):
        run_blocking(call(wire, desk, DEAR))
    run_blocking(call(wire, desk, Ping()))
    with spending(patience_ms=60_000):  # with patience there is room, and it is not asked again at once
        run_blocking(call(wire, desk, DEAR))
    assert sum("exchangeInfo" in spelled.target for spelled in wire.sent) == 1


def test_what_nobody_came_to_settle_is_settled_with_later_answers() -> None:
    """A loop may end with an answer that was to be settled in its next turn."""
    wire, desk, _, _ = stage(*[DONE] * 40, retries=ONCE)
    kept, wire.later = wire.later, lambda work: None  # type: ignore[method-assign]
    run_blocking(call(wire, desk, ORDER))
    wire.later = kept  # type: ignore[method-assign]
    desk.allowance.learn((), desk.now_ms())  # so that nobody asks for limits in between
    for _ in range(39):
        run_blocking(call(wire, desk, ORDER))
    assert desk.allowance.pool.address._under_way < 32


def test_who_stops_waiting_leaves_the_line() -> None:
    wire, desk, _, _ = stage(*[DEPTH] * 40)
    desk.allowance.learn(None, desk.now_ms())

    async def interrupted(_: float) -> None:
        assert AllowanceView(desk.allowance).waiting == 1
        raise KeyboardInterrupt

    wire.sleep_until = interrupted  # type: ignore[method-assign]
    with spending(patience_ms=600_000), suppress(KeyboardInterrupt):
        while True:
            run_blocking(call(wire, desk, GetDepth(symbol="A", limit=5)))
    assert AllowanceView(desk.allowance).waiting == 0
