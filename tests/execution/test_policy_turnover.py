"""The operator's limits over time: minutes, days, clocks that go back, the kill switch (ORDER-6)."""

from typing import Any

import pytest

from surefoot.errors import JournalError, PolicyRefusal
from surefoot.execution.entries import Armed, Listed, NotPlaced, Opened, Placed, Tripped
from surefoot.execution.guard import Guard
from surefoot.execution.policy import READ_ONLY, Policy
from surefoot.spot.order_lists import CancelOrderList
from surefoot.spot.orders import OrderAnswer
from surefoot.spot.request import Request
from surefoot.spot.trade import CancelOpenOrders, CancelOrder
from tests.execution.standings import (
    AMEND,
    NOON_MS,
    OLD,
    TIGHT,
    Account,
    D,
    admit,
    order,
    policy,
    replacement,
    submitted,
    words,
)

CANCELS = [
    CancelOrder(symbol="BTCUSDT", order_id=1),
    CancelOpenOrders(symbol="BTCUSDT"),
    CancelOrderList(symbol="BTCUSDT", order_list_id=1),
]


# Stopped


def test_when_tripped_nothing_passes_but_cancels() -> None:
    guard = Guard(policy())
    guard.apply(Tripped(at_ms=NOON_MS, reason="the operator said so"))
    guard.apply(Tripped(at_ms=NOON_MS, reason="once more"))
    for request in (order("SELL", "LIMIT", "1", "110"), AMEND, replacement("BUY", "LIMIT", "1", "90")):
        for reduces in (False, True):
            with pytest.raises(PolicyRefusal) as refused:
                guard.admit(request, NOON_MS, Account(holds=D(9)), reduces=reduces)
            name = type(request).__name__
            assert str(refused.value) == (
                f"tripped: asked {name}, limit only cancels, until it is armed again (the operator said so)"
            )
    assert [guard.admit(each, NOON_MS, Account()) for each in CANCELS] == [0, 0, 0]
    guard.apply(Armed(at_ms=NOON_MS, reason="looked at"))
    assert guard.admit(AMEND, NOON_MS, Account()) == 0


def test_a_restart_does_not_arm_it() -> None:
    guard = Guard(policy())
    guard.apply(Tripped(at_ms=NOON_MS, reason="a fill that nobody ordered"))
    again = Guard.restored(policy(), guard.state())
    with pytest.raises(PolicyRefusal, match="a fill that nobody ordered"):
        again.admit(AMEND, NOON_MS, Account())


@pytest.mark.parametrize("request_", CANCELS)
def test_read_only_means_cancels_too(request_: Request[Any]) -> None:
    """To cancel a stop changes what the account risks."""
    assert words(READ_ONLY, request_).startswith(f"read_only: asked {type(request_).__name__}, limit nothing")
    assert admit(policy(), request_) == 0


# Turnover


def guard_of(given: Policy) -> Guard:
    guard = Guard(given)
    guard.apply(Listed(at_ms=NOON_MS, symbol="BTCUSDT", base="BTC", quote="USDT"))
    guard.apply(Listed(at_ms=NOON_MS, symbol="BTCEUR", base="BTC", quote="EUR"))
    return guard


HUNDRED = order("BUY", "LIMIT", "1", "100")
FULL_MINUTE = "notional_per_minute: asked 100 USDT on top of 300 USDT, limit 300 USDT"


def submit(guard: Guard, id: str, at_ms: int) -> None:
    guard.apply(submitted(id, at_ms, guard.admit(HUNDRED, at_ms, Account())))


def refusal(guard: Guard, at_ms: int) -> str | None:
    try:
        guard.admit(HUNDRED, at_ms, Account())
    except PolicyRefusal as refused:
        return str(refused)
    return None


def test_a_minute_is_any_sixty_seconds() -> None:
    guard = guard_of(TIGHT)
    for number in range(3):
        submit(guard, f"id{number}", NOON_MS + number)
    assert refusal(guard, NOON_MS + 59_999) == FULL_MINUTE
    assert refusal(guard, NOON_MS + 60_000) is None
    submit(guard, "id3", NOON_MS + 60_000)
    assert refusal(guard, NOON_MS + 60_000) == FULL_MINUTE


def test_a_day_ends_at_midnight_utc() -> None:
    guard = guard_of(TIGHT)
    for number in range(10):
        submit(guard, f"id{number}", NOON_MS + number * 60_000)
    text = "notional_per_day: asked 100 USDT on top of 1000 USDT, limit 1000 USDT"
    assert refusal(guard, NOON_MS + 43_199_999) == text
    assert refusal(guard, NOON_MS + 43_200_000) is None


def test_what_was_not_placed_is_given_back_once() -> None:
    guard = guard_of(TIGHT)
    for number in range(3):
        submit(guard, f"id{number}", NOON_MS)
    gone = NotPlaced(at_ms=NOON_MS, id="id1", because="refused", text="")
    for entry in (gone, gone, NotPlaced(at_ms=NOON_MS, id="stranger", because="absent", text="")):
        guard.apply(entry)
    assert refusal(guard, NOON_MS) is None
    submit(guard, "id3", NOON_MS)
    assert refusal(guard, NOON_MS) == FULL_MINUTE


def test_what_was_placed_is_never_given_back() -> None:
    guard = guard_of(TIGHT)
    for number in range(3):
        submit(guard, f"id{number}", NOON_MS)
    answer = OrderAnswer(
        symbol="BTCUSDT", order_id=1, order_list_id=-1, client_order_id="id1", transact_time=NOON_MS
    )
    guard.apply(Placed(at_ms=NOON_MS, id="id1", answer=answer))
    guard.apply(NotPlaced(at_ms=NOON_MS, id="id1", because="absent", text=""))
    assert refusal(guard, NOON_MS) == FULL_MINUTE


def test_given_back_after_midnight_it_makes_no_room_in_the_new_day() -> None:
    guard = guard_of(policy(notional_per_day={"USDT": 100}))
    midnight_ms = NOON_MS + 43_200_000
    submit(guard, "id0", midnight_ms - 1)
    submit(guard, "id1", midnight_ms)
    guard.apply(NotPlaced(at_ms=midnight_ms + 1, id="id0", because="absent", text=""))
    assert (
        refusal(guard, midnight_ms + 1)
        == "notional_per_day: asked 100 USDT on top of 100 USDT, limit 100 USDT"
    )


@pytest.mark.parametrize("back_ms", [1, 59_000, 61_000, 86_400_000, NOON_MS])
def test_a_clock_that_goes_back_frees_nothing(back_ms: int) -> None:
    guard = guard_of(TIGHT)
    for number in range(3):
        submit(guard, f"id{number}", NOON_MS)
    assert refusal(guard, NOON_MS - back_ms) == FULL_MINUTE
    guard.apply(Opened(at_ms=NOON_MS - back_ms, version="1", life=2))
    assert refusal(guard, NOON_MS - back_ms) == FULL_MINUTE
    assert refusal(guard, NOON_MS + 59_999) == FULL_MINUTE


def test_a_clock_that_goes_back_makes_no_book_fresh() -> None:
    guard = guard_of(policy())
    account = Account(book=OLD)
    with pytest.raises(PolicyRefusal, match="one 5001 ms old"):
        guard.admit(order("BUY", "MARKET"), NOON_MS - 5_000, account)


def test_quotes_do_not_mix() -> None:
    guard = guard_of(policy(symbols={"BTCUSDT", "BTCEUR"}, notional_per_day={"USDT": 100, "EUR": 100}))
    submit(guard, "id0", NOON_MS)
    euros = order("BUY", "LIMIT", "1", "100", symbol="BTCEUR")
    assert guard.admit(euros, NOON_MS, Account()) == 100


def test_to_ask_changes_nothing() -> None:
    guard = guard_of(TIGHT)
    before = guard.state()
    for _ in range(99):
        guard.admit(HUNDRED, NOON_MS + 86_400_000, Account())
    assert guard.state() == before


def test_an_order_on_an_unknown_symbol_is_no_journal() -> None:
    with pytest.raises(JournalError, match="id0: BTCUSDT was ordered before its assets were noted"):
        Guard(policy()).apply(submitted("id0", NOON_MS, D(1)))


def test_what_counts_nothing_needs_no_assets() -> None:
    Guard(policy()).apply(submitted("id0", NOON_MS, None))
