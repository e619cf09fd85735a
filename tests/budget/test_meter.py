"""The meter of a limit never believes that less is used than is, whatever order answers come in (LIMIT-3)."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.budget.meter import MARGIN_MS, Mark, Meter

WINDOW_MS = 60_000


def test_a_window_forgets_what_was_heard_and_keeps_what_is_under_way() -> None:
    meter = Meter("1m", WINDOW_MS, 100)
    meter.turn(1_000)
    mark = meter.reserve(5)
    meter.settle(mark, 5, 40, 1_000)
    meter.reserve(7)
    assert meter.total == 47
    assert not meter.turn(WINDOW_MS + MARGIN_MS - 1)
    assert meter.turn(WINDOW_MS + MARGIN_MS)
    assert meter.total == 7


def test_an_answer_of_the_old_window_says_nothing_about_the_new_one() -> None:
    meter = Meter("1m", WINDOW_MS, 6_000)
    meter.turn(1_000)
    before = meter.reserve(1)
    meter.settle(before, 1, 5_000, 1_000)
    late = meter.reserve(1)
    meter.turn(WINDOW_MS + MARGIN_MS)
    meter.settle(late, 1, 5_001, 1_000)
    assert meter.total == 0


def test_a_count_that_fell_means_that_the_exchanges_window_has_turned() -> None:
    meter = Meter("1m", WINDOW_MS, 6_000)
    meter.turn(1_000)
    meter.settle(meter.reserve(1), 1, 5_000, 1_000)
    meter.settle(meter.reserve(1), 1, 3, 1_000)  # our clock is behind
    assert meter.total == 3
    assert not meter.turn(WINDOW_MS + MARGIN_MS)  # and this is that window
    assert meter.total == 3


@pytest.mark.parametrize("at_ms", [3_000, 30_000, 57_000])
def test_counts_that_begin_anew_put_no_later_window_out_of_step(at_ms: int) -> None:
    """An exchange that was started again in the middle of a window, and the windows after it."""
    meter = Meter("1m", WINDOW_MS, 600)
    meter.turn(WINDOW_MS - 1_000)
    meter.turn(WINDOW_MS + MARGIN_MS)
    for used, later_ms in ((500, 0), (1, 100), (400, 200)):
        meter.settle(meter.reserve(1), 1, used, WINDOW_MS + at_ms + later_ms)
    for window in range(2, 5):
        began_ms = window * WINDOW_MS
        meter.turn(began_ms + 1_000)
        meter.settle(meter.reserve(1), 1, 1, began_ms + 1_000)
        assert (meter.index, meter.total) == (window, 1)
        meter.settle(meter.reserve(1), 1, 400, began_ms + 2_000)


def test_a_clock_that_is_ahead_puts_no_later_window_out_of_step() -> None:
    """Our window turns first; the exchange's counts of the old one fall a little later."""
    meter = Meter("1m", WINDOW_MS, 600)
    meter.turn(1_000)
    for window in range(1, 5):
        meter.turn(window * WINDOW_MS + MARGIN_MS)
        for used in (500, 501, 1, 2):
            meter.settle(meter.reserve(1), 1, used, window * WINDOW_MS + 200)
        assert (meter.index, meter.total) == (window, 2)


def test_what_may_have_cost_something_is_counted_until_the_exchange_says_better() -> None:
    meter = Meter("1m", WINDOW_MS, 6_000)
    meter.turn(1_000)
    meter.reserve(10)
    meter.lost(10, 1_000)
    assert meter.total == 10
    meter.settle(meter.reserve(1), 1, 1, 1_000)  # the lost one never arrived
    assert meter.total == 1


def test_a_clock_that_is_set_back_does_not_forget() -> None:
    meter = Meter("1m", WINDOW_MS, 6_000)
    meter.turn(100 * WINDOW_MS + 1_000)
    meter.settle(meter.reserve(1), 1, 50, 1_000)
    assert not meter.turn(1_000)
    assert meter.total == 50
    assert meter.turn(WINDOW_MS + 1_000)
    assert meter.total == 0


def test_what_is_answered_around_the_end_of_a_window_may_be_counted_in_the_next() -> None:
    """The exchange's window may have turned before ours."""
    meter = Meter("1m", WINDOW_MS, 6_000)
    meter.turn(1_000)
    meter.settle(meter.reserve(10), 10, 10, WINDOW_MS - 1_000)
    meter.settle(meter.reserve(20), 20, 30, WINDOW_MS + MARGIN_MS - 1)
    meter.turn(WINDOW_MS + MARGIN_MS)
    assert meter.total == 20
    meter.settle(meter.reserve(1), 1, 1, WINDOW_MS + 100)  # it was not
    assert meter.total == 1


@dataclass
class Street:
    """Requests of weight one: sent, taken in by the exchange, answered, each in its own order."""

    meter: Meter = field(default_factory=lambda: Meter("1m", WINDOW_MS, 10**6))
    used: int = 0
    sent: list[Mark] = field(default_factory=list)
    answers: list[tuple[Mark, int]] = field(default_factory=list)

    def send(self) -> None:
        self.sent.append(self.meter.reserve(3))

    def arrive(self, which: int) -> None:
        if self.sent:
            self.used += 3
            self.answers.append((self.sent.pop(which % len(self.sent)), self.used))

    def hear(self, which: int) -> None:
        if self.answers:
            mark, used = self.answers.pop(which % len(self.answers))
            self.meter.settle(mark, 3, used, 1_000)

    def lose(self, which: int) -> None:
        if self.answers:
            self.answers.pop(which % len(self.answers))
            self.meter.lost(3, 1_000)

    def others(self, amount: int) -> None:
        self.used += amount


STEPS = st.lists(
    st.tuples(st.sampled_from(["send", "arrive", "hear", "lose"]), st.integers(0, 50)), max_size=80
)


@given(STEPS)
def test_never_less_than_the_truth(steps: list[tuple[str, int]]) -> None:
    """With nobody else at the address, what the exchange counts is never more than the meter's total."""
    street = Street()
    street.meter.turn(1_000)
    for name, which in steps:
        street.send() if name == "send" else getattr(street, name)(which)
        assert street.used <= street.meter.total


@given(STEPS)
def test_and_exactly_the_truth_when_all_is_answered(steps: list[tuple[str, int]]) -> None:
    street = Street()
    street.meter.turn(1_000)
    for name, which in steps:
        if name != "lose":
            street.send() if name == "send" else getattr(street, name)(which)
    while street.sent or street.answers:
        street.arrive(0)
        street.hear(0)
    assert street.meter.total == street.used
