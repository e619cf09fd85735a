"""Limits that do not fit or are not told, waits that are none, callers who go away (LIMIT-1 … LIMIT-6)."""

import math
import threading
from contextlib import suppress

import pytest

from surefoot import errors
from surefoot.budget.address import Permit, Wait
from surefoot.budget.ledger import spending
from surefoot.client.allowance import Allowance, AllowanceView
from surefoot.client.call import call, measure, run_blocking
from surefoot.rules.outcomes import Done, Refused, Said
from surefoot.rules.retries import ONCE
from surefoot.spot.general import Ping, RateLimit
from surefoot.spot.market import GetDepth
from surefoot.telemetry.observations import Held
from surefoot.wire import Headers
from tests.client.test_call import DONE, stage
from tests.client.test_retries import CUT, DEAR, DEPTH, EMPTY, INFO, ORDER, SOME, counted, limited


def row(kind: str, interval: str, number: int, limit: int) -> RateLimit:
    return RateLimit(rate_limit_type=kind, interval=interval, interval_num=number, limit=limit)  # type: ignore[arg-type]


def test_what_fits_into_no_window_is_refused_at_once_whatever_the_patience() -> None:
    """A weight of 250 where 200 are allowed: no time, and no wait of years."""
    wire, desk, tape, clock = stage()
    desk.allowance.learn((row("REQUEST_WEIGHT", "MINUTE", 1, 200),), desk.now_ms())
    began_ms = clock.monotonic
    with (
        spending(patience_ms=math.inf),
        pytest.raises(errors.HeldBack, match="there will never be room") as caught,
    ):
        run_blocking(call(wire, desk, DEAR))
    assert caught.value.retry_at_ms is None
    assert clock.monotonic == began_ms
    assert Held in tape.kinds()


def test_what_is_too_dear_for_the_slow_start_is_told_when_that_is_over() -> None:
    wire, desk, _, clock = stage(CUT, DEPTH)  # in the next window the limits are asked for
    desk.allowance.learn((row("REQUEST_WEIGHT", "MINUTE", 1, 400),), desk.now_ms())
    desk.allowance.pool.address.gate.ban(1, clock.monotonic)
    clock.monotonic += 2
    with pytest.raises(errors.HeldBack, match="slow start") as caught:
        run_blocking(call(wire, desk, DEAR))
    assert caught.value.retry_at_ms is not None
    assert 0 < caught.value.retry_at_ms - desk.now_ms() <= 120_050
    with spending(patience_ms=240_000):
        run_blocking(call(wire, desk, DEAR))
    assert "depth" in wire.sent[-1].target


def test_what_is_overrated_fits_into_a_window_of_its_own() -> None:
    """Another program spends much: a request of 250 is not overrated beyond the limit, and lost for ever."""
    wire, desk, _, _ = stage(DEPTH)
    desk.allowance.learn((row("REQUEST_WEIGHT", "MINUTE", 1, 6_000),), desk.now_ms())
    desk.allowance.pool.address.costs.stretch = 64.0
    with spending(patience_ms=180_000):
        run_blocking(call(wire, desk, DEAR))
    assert "depth" in wire.sent[-1].target


def test_an_exchange_info_without_limits_is_asked_for_once_and_nobody_hangs() -> None:
    none = Said(status=200, result=b'{"rateLimits":[]}')
    wire, desk, _, clock = stage(limited(wait_ms=1_000), none, EMPTY, retries=ONCE)
    desk.allowance.learn((row("REQUEST_WEIGHT", "MINUTE", 1, 600),), desk.now_ms())
    with pytest.raises(errors.RateLimited):
        run_blocking(call(wire, desk, Ping()))
    clock.monotonic += 2_000
    run_blocking(call(wire, desk, Ping()))
    assert len(wire.sent) == 3


def test_limits_in_doubt_are_asked_for_again_where_that_question_was_refused_too() -> None:
    """The exchange's clock was set back meanwhile: its window, and its refusals, last longer than it said."""
    wire, desk, _, clock = stage(retries=ONCE)
    wire._answers += [limited(), limited(), Said(status=200, result=INFO), EMPTY]
    desk.allowance.learn((row("REQUEST_WEIGHT", "MINUTE", 1, 600),), desk.now_ms())
    for refused in (errors.RateLimited, errors.HeldBack):
        with pytest.raises(refused), spending(patience_ms=0):
            run_blocking(call(wire, desk, Ping()))
        clock.monotonic += 61_000
    run_blocking(call(wire, desk, Ping()))
    assert ["exchangeInfo" in one.target for one in wire.sent] == [False, True, True, False]


def test_limits_that_are_only_assumed_stop_no_order() -> None:
    """Another program used much, and the limits cannot be read: 300 are nobody's limit."""
    used = Said(status=200, result=b"{}", headers=Headers({b"x-mbx-used-weight-1m": b"2900"}))
    wire, desk, _, _ = stage(used, CUT, DONE, retries=ONCE)
    with spending(patience_ms=0):
        run_blocking(call(wire, desk, Ping()))
        with pytest.raises(errors.HeldBack):
            run_blocking(call(wire, desk, GetDepth(symbol="A", limit=5)))
        run_blocking(call(wire, desk, ORDER))


def test_limits_that_are_larger_than_assumed_are_no_reason_for_rain() -> None:
    _, desk, _, _ = stage()
    desk.allowance.learn(None, desk.now_ms())
    desk.allowance.learn((row("REQUEST_WEIGHT", "MINUTE", 1, 200),), desk.now_ms())
    assert not desk.allowance.rain.falls(desk.now_ms())


@pytest.mark.parametrize("wait_ms", [0, -5_000])
def test_a_retry_after_that_is_no_wait_is_not_obeyed_seven_times_in_one_moment(wait_ms: int) -> None:
    wire, desk, _, clock = stage(retries=SOME)
    wire._answers += [limited(wait_ms=wait_ms, now_ms=desk.now_ms()), DONE]
    began_ms = clock.monotonic
    run_blocking(call(wire, desk, ORDER))
    assert clock.monotonic - began_ms >= 1_000


ORDERS = (row("ORDERS", "SECOND", 10, 3), row("REQUEST_WEIGHT", "MINUTE", 1, 6_000))


def test_an_order_count_of_the_window_before_does_not_fill_this_one() -> None:
    """LIMIT-3: an answer that comes after the turn tells the old count."""
    _, desk, _, clock = stage()
    allowance = desk.allowance
    allowance.learn(ORDERS, desk.now_ms())
    clock.monotonic += 10_000 - desk.now_ms() % 10_000 - 100
    late = allowance.admit(ORDER, desk.now_ms())
    clock.monotonic += 200
    first = allowance.admit(ORDER, desk.now_ms())
    assert isinstance(late, Permit)
    assert isinstance(first, Permit)
    allowance.settle(late, Done(counted(3)), desk.now_ms(), 100.0)
    assert isinstance(allowance.admit(ORDER, desk.now_ms()), Permit)
    assert isinstance(allowance.admit(ORDER, desk.now_ms()), Wait)


def test_the_limits_of_orders_are_read_once_for_all_accounts() -> None:
    """No order of a second account waits five seconds because the first has just asked."""
    _, desk, _, clock = stage()
    first = desk.allowance
    before, after = (
        Allowance(first.pool, first.pool.account(name), clock.monotonic_ms) for name in ("before", "after")
    )
    asked = [first.admit(ORDER, desk.now_ms()) for _ in range(6)][-1]
    assert isinstance(asked, Wait)
    assert asked.ask
    first.learn(ORDERS, desk.now_ms())
    for other in (before, Allowance(first.pool, first.pool.account("new"), clock.monotonic_ms), after):
        told = [other.admit(ORDER, desk.now_ms()) for _ in range(4)]
        assert [isinstance(one, Permit) for one in told] == [True, True, True, False]


def hear_of_a_session(allowance: Allowance, now_ms: float) -> None:
    """An answer about no order: of the limits it tells those of weight alone."""
    read = allowance.admit(Ping(), now_ms)
    assert isinstance(read, Permit)
    told = (row("REQUEST_WEIGHT", "MINUTE", 1, 6_000),)
    allowance.settle(read, Done(Said(status=200, result=b"{}", limits=told)), now_ms, 1.0)


def test_an_answer_that_tells_no_limits_of_orders_does_not_say_that_there_are_none() -> None:
    """LIMIT-3: who subscribes to an account over a session still has to ask how many orders it may have."""
    _, desk, _, _ = stage()
    hear_of_a_session(desk.allowance, desk.now_ms())
    asked = [desk.allowance.admit(ORDER, desk.now_ms()) for _ in range(6)]
    assert [isinstance(one, Permit) for one in asked] == [True] * 5 + [False]
    assert isinstance(asked[-1], Wait)
    assert asked[-1].ask


def test_after_a_1015_the_limits_are_read_whatever_a_session_says_in_between() -> None:
    _, desk, _, clock = stage()
    allowance = desk.allowance
    order = allowance.admit(ORDER, desk.now_ms())
    assert isinstance(order, Permit)
    much = limited(code=-1015, wait_ms=7_000, now_ms=desk.now_ms())
    allowance.settle(order, Refused(much), desk.now_ms(), 1.0)
    hear_of_a_session(allowance, desk.now_ms())
    clock.monotonic += 7_000
    asked = allowance.admit(ORDER, desk.now_ms())
    assert isinstance(asked, Wait)
    assert asked.ask


def test_a_second_1015_keeps_orders_no_longer_than_it_says() -> None:
    """The limits were read a moment ago: that is no reason to wait for them."""
    much = limited(code=-1015, wait_ms=1_000)
    wire, desk, _, clock = stage(retries=SOME)
    wire._answers += [much, Said(status=200, result=INFO), much, DONE]
    began_ms = clock.monotonic
    run_blocking(call(wire, desk, ORDER))
    assert clock.monotonic - began_ms <= 3_000


def test_who_loses_patience_is_no_sign_of_bad_weather() -> None:
    """LIMIT-6: tasks that are cancelled while they wait for an answer say nothing of the exchange."""
    wire, desk, _, _ = stage(*[EMPTY] * 20, retries=ONCE)
    answered = wire.exchange
    for number in range(25):
        wire.exchange = interrupted if number % 5 == 0 else answered  # type: ignore[method-assign]
        with suppress(KeyboardInterrupt):
            run_blocking(call(wire, desk, Ping()))
    assert not desk.allowance.rain.falls(desk.now_ms())


async def interrupted(*_: object) -> Said:
    raise KeyboardInterrupt


def test_a_measurement_that_is_interrupted_may_have_cost_what_it_costs() -> None:
    wire, desk, _, _ = stage()
    wire.exchange = interrupted  # type: ignore[method-assign]
    with suppress(KeyboardInterrupt):
        run_blocking(measure(wire, desk))
    assert AllowanceView(desk.allowance).used["1m"][0] == 1


def test_the_next_one_reads_the_limits_where_the_first_went_away() -> None:
    wire, desk, _, clock = stage(Said(status=200, result=INFO), DEPTH)
    answered = wire.exchange
    wire.exchange = interrupted  # type: ignore[method-assign]
    with suppress(KeyboardInterrupt):
        run_blocking(call(wire, desk, DEAR))
    wire.exchange, began_ms = answered, clock.monotonic  # type: ignore[method-assign]
    run_blocking(call(wire, desk, DEAR))
    assert "exchangeInfo" in wire.sent[0].target
    assert clock.monotonic == began_ms


def test_what_a_closed_wire_refuses_costs_nothing() -> None:
    wire, desk, _, _ = stage()

    async def closed(*_: object) -> Said:
        raise errors.Misuse("closed")

    wire.exchange = closed  # type: ignore[method-assign]
    with pytest.raises(errors.Misuse):
        run_blocking(call(wire, desk, Ping()))
    assert AllowanceView(desk.allowance).used["1m"][0] == 0


def test_what_is_thrown_away_while_the_budget_is_held_leaves_the_line() -> None:
    """The rest of a loop that ended may be collected by whoever holds the lock."""
    _, desk, _, _ = stage()
    held = threading.Thread(target=_leave_inside, args=(desk.allowance,), daemon=True)
    held.start()
    held.join(5)
    assert not held.is_alive()


def _leave_inside(allowance: Allowance) -> None:
    with allowance.pool.lock:
        allowance.leave(None)
