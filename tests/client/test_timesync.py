"""The exchange's clock as measured from here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.client.timesync import ExchangeClock, Sample


def sample(sent: float, took: float, offset: float, share: float = 0.5) -> Sample:
    """A round trip whose outward part takes `share` of it; the exchange says whole milliseconds."""
    return Sample(sent, sent + took, int(sent + took * share + offset))


@given(
    st.lists(st.tuples(st.floats(0.1, 2_000), st.floats(0, 1)), min_size=1, max_size=9),
    st.floats(-1e6, 1e6),
)
def test_the_error_is_at_most_half_the_best_round_trip(
    trips: list[tuple[float, float]], offset: float
) -> None:
    """AUTH-3: the midpoint of the best of several round trips counts."""
    clock = ExchangeClock(0.0)
    samples = [sample(1e9 + 3_000 * i, took, offset, share) for i, (took, share) in enumerate(trips)]
    measured = clock.settle(samples)
    assert abs(measured.offset_ms - offset) <= min(took for took, _ in trips) / 2 + 1


@pytest.mark.parametrize(("round_trip_ms", "window_ms"), [(1, 1000), (300, 1450), (5_000, 5000)])
def test_the_window_follows_the_round_trips(round_trip_ms: float, window_ms: int) -> None:
    """AUTH-3: recvWindow = clamp(4 p99 + 250, 1000, 5000)."""
    clock = ExchangeClock(0.0)
    clock.settle([sample(0, round_trip_ms, 0)])
    assert clock.recv_window_ms == window_ms


def test_answered_requests_count_as_round_trips() -> None:
    clock = ExchangeClock(0.0)
    for _ in range(50):
        clock.took(500)
    clock.settle([sample(0, 1, 0)])
    assert clock.recv_window_ms == 2250


def test_drift_is_the_difference_to_the_last_measurement() -> None:
    """AUTH-4."""
    clock = ExchangeClock(12_345.0)
    assert clock.settle([sample(0, 2, 1_000)]).drift_ms == 0
    assert clock.settle([sample(10_000, 2, 1_040)]).drift_ms == pytest.approx(40)


def test_before_the_first_measurement_the_machines_clock_counts() -> None:
    clock = ExchangeClock(1_000_000.0)
    assert clock.now_ms(5.9) == 1_000_005
    assert clock.recv_window_ms == 5000
