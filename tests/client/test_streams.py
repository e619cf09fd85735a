"""The life of a stream, as its table says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot import TESTNET, AsyncClient, StreamOptions
from surefoot.client.streams import LIFE, Gap, State, StreamLife, Turn, asked_to_wait_ms
from surefoot.errors import Banned, CannotConnect, Facts, Misuse, NoAnswer
from surefoot.spot import streams


def live() -> StreamLife:
    life = StreamLife()
    life.turn(Turn.CONNECTED)
    assert life.live(1_000) is None
    return life


def test_every_state_can_be_closed_and_nothing_leaves_closed() -> None:
    assert all(LIFE[state, Turn.CLOSE] is State.CLOSED for state in State)
    assert {turn for state, turn in LIFE if state is State.CLOSED} == {Turn.CLOSE}


def test_a_step_that_is_not_in_the_table_is_a_defect() -> None:
    with pytest.raises(KeyError):
        StreamLife().turn(Turn.SUBSCRIBED)


def test_after_an_interruption_the_gap_is_told_once() -> None:
    """TRACK-3: a gap is an event; the stream never goes quiet silently."""
    life = live()
    life.lost(2_000, "reset", 0.5)
    life.turn(Turn.DUE)
    life.lost(9_999, "refused", 0.5)  # a failed try does not move the start of the gap
    life.turn(Turn.DUE)
    life.turn(Turn.CONNECTED)
    gap = life.live(5_000)
    assert gap is not None
    assert (gap.since_ms, gap.until_ms, gap.reason) == (2_000, 5_000, "reset")
    life.lost(6_000, "again", 0.5)
    life.turn(Turn.DUE)
    life.turn(Turn.CONNECTED)
    again = life.live(7_000)
    assert again is not None
    assert again.since_ms == 6_000


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=60))
def test_back_off_is_jittered_bounded_and_endless(dice: list[float]) -> None:
    """RETRY-1: exponential back-off with full jitter."""
    life = live()
    for number, value in enumerate(dice):
        delay_ms = life.lost(0, "reset", value)
        assert 0 <= delay_ms <= min(30_000, 250 * 2**number)
        life.turn(Turn.DUE)


def test_success_makes_the_next_wait_short_again() -> None:
    life = live()
    for _ in range(8):
        life.lost(0, "reset", 0.99)
        life.turn(Turn.DUE)
    life.turn(Turn.CONNECTED)
    life.live(0)
    assert life.lost(0, "reset", 0.99) < 250


def test_what_the_exchange_asks_for_comes_on_top_of_the_jitter() -> None:
    """LIMIT-5: nobody knocks during a ban."""
    life = live()
    assert life.lost(0, "banned", 0.5, at_least_ms=120_000) == 120_125
    assert asked_to_wait_ms(Banned("", Facts(retry_at_ms=5_000)), now_ms=2_000) == 3_000
    assert asked_to_wait_ms(Banned("", Facts(retry_at_ms=5_000)), now_ms=9_000) == 0
    assert asked_to_wait_ms(CannotConnect("", Facts(headers={"retry-after": "7"})), now_ms=0) == 7_000
    assert asked_to_wait_ms(NoAnswer(""), now_ms=0) == 0
    assert asked_to_wait_ms(Banned("", Facts(retry_at_ms=10**12)), now_ms=0) == 3 * 86_400_000
    assert asked_to_wait_ms(CannotConnect("", Facts(headers={"retry-after": "999999999"})), now_ms=0) < 10**9


async def test_what_is_no_name_and_no_queue() -> None:
    client = AsyncClient(TESTNET)
    with pytest.raises(Misuse, match=r"\['btcusdt@trade'\] is no stream.*one by one"):
        client.stream(["btcusdt@trade"])  # type: ignore[arg-type]
    with pytest.raises(Misuse, match="None is no symbol"):
        streams.trade(None)  # type: ignore[arg-type]
    with pytest.raises(Misuse, match="capacity 0"):
        StreamOptions(capacity=0)


def test_a_gap_never_ends_before_it_begins() -> None:
    """The exchange's clock was set back while nobody listened."""
    life = StreamLife()
    life.turn(Turn.CONNECTED)
    life.live(1_000_000)
    life.lost(1_000_000, "reset", 0)
    life.turn(Turn.DUE)
    life.turn(Turn.CONNECTED)
    assert life.live(995_000) == Gap(since_ms=1_000_000, until_ms=1_000_000, reason="reset")
