"""Orders and lists live as the tables say, and nothing comes back from the dead (TRACK-4)."""

import itertools

import pytest

from surefoot.execution.lives import (
    FINAL,
    IN_FLIGHT,
    LIST_LIFE,
    OPEN,
    ORDER_LIFE,
    ListState,
    OrderState,
    list_state_of,
    may_follow,
    state_of,
)
from surefoot.spot.enums import ListOrderStatus, OrderStatus

# Written apart from the table: how far an order is in its life. It goes on, or stays.
_AGE = {
    OrderState.SUBMITTED: 0,
    OrderState.UNKNOWN: 1,
    OrderState.NOT_PLACED: 2,
    OrderState.PENDING_NEW: 3,
    OrderState.NEW: 4,
    OrderState.PARTIALLY_FILLED: 5,
    OrderState.PENDING_CANCEL: 5,
} | dict.fromkeys(
    (
        OrderState.FILLED,
        OrderState.CANCELED,
        OrderState.REJECTED,
        OrderState.EXPIRED,
        OrderState.EXPIRED_IN_MATCH,
    ),
    6,
)
_BESIDES = {
    (OrderState.PARTIALLY_FILLED, OrderState.PENDING_CANCEL),
    (OrderState.PENDING_CANCEL, OrderState.PARTIALLY_FILLED),
}


@pytest.mark.parametrize(("now", "then"), [*itertools.product(OrderState, OrderState)])
def test_an_order_only_grows_older(now: OrderState, then: OrderState) -> None:
    expected = now is then or _AGE[now] < _AGE[then] or (now, then) in _BESIDES
    assert may_follow(now, then) is expected


def test_nothing_follows_a_final_state() -> None:
    final = {state for state in OrderState if not ORDER_LIFE[state]}
    assert final == FINAL
    named = ("FILLED", "CANCELED", "REJECTED", "EXPIRED", "EXPIRED_IN_MATCH")
    assert {str(state) for state in FINAL} == set(named)


def test_every_state_is_in_flight_open_final_or_not_placed() -> None:
    groups = [IN_FLIGHT, OPEN, FINAL, {OrderState.NOT_PLACED}]
    assert sorted(itertools.chain(*groups)) == sorted(OrderState)


def test_the_table_knows_every_state_and_every_word_of_the_exchange() -> None:
    assert set(ORDER_LIFE) == set(OrderState)
    assert {str(state_of(status)) for status in OrderStatus} == {str(status) for status in OrderStatus}
    assert state_of(OrderStatus("A_WORD_OF_TOMORROW")) is None


@pytest.mark.parametrize(("now", "then"), [*itertools.product(ListState, ListState)])
def test_a_list_only_grows_older(now: ListState, then: ListState) -> None:
    age = {state: number for number, state in enumerate(ListState)} | {ListState.REJECT: 4}
    rejects = then is ListState.REJECT and now in {ListState.NOT_PLACED, ListState.EXECUTING}
    assert (then in LIST_LIFE[now]) is (age[now] < age[then] and not rejects)


def test_the_lists_of_the_exchange_are_known() -> None:
    assert set(LIST_LIFE) == set(ListState)
    assert all(list_state_of(status) is not None for status in ListOrderStatus)
    assert list_state_of("A_WORD_OF_TOMORROW") is None
