"""What a listener must have heard although the exchange misbehaves on purpose."""

import pytest

from surefoot.client.streams import Gap
from surefoot.exchange.faults import Cut, Duplicate, Reorder, Strike, Withhold
from surefoot.simulation.deliveries import Said
from surefoot.simulation.hearing import Excuses, Span, excuses, hearing
from surefoot.spot.events import BalanceUpdate, Event

SPAN = Span(asked_ms=100, live_ms=200)


def event(at_ms: int) -> Event:
    return BalanceUpdate(event_time=at_ms, asset="BTC", balance_delta=1, clear_time=at_ms)  # type: ignore[arg-type]


def gap(since_ms: int, until_ms: int) -> Gap:
    return Gap(since_ms=since_ms, until_ms=until_ms, reason="cut")


SAID = [Said(at_ms, event(at_ms)) for at_ms in (50, 150, 300, 400, 500)]


@pytest.mark.parametrize(
    ("heard", "excuse", "complaints"),
    [
        ([150, 300, 400, 500], Excuses(), 0),
        ([300, 400, 500], Excuses(), 0),
        ([300, 500], Excuses(), 1),
        ([300, 400], Excuses(), 1),
        ([300, 500, 400], Excuses(), 2),
        ([300, gap(390, 410), 500], Excuses(), 0),
        ([300, gap(410, 420), 500], Excuses(), 1),
        ([300, gap(410, 420), 500], Excuses(right_clock=False), 0),
        ([300, 500], Excuses(held_ms=frozenset({400})), 0),
        ([300, 500, 400], Excuses(held_ms=frozenset({400})), 0),
        ([300, 500, 400, 400], Excuses(held_ms=frozenset({400})), 1),
        ([400, 500, 300], Excuses(held_ms=frozenset({400})), 2),
        ([300, 500], Excuses(right_clock=False), 1),
        ([300, 500, 400], Excuses(late=True), 0),
        ([300, 500], Excuses(late=True), 1),
        ([300, 400, 400, 500], Excuses(), 1),
        ([300, 400, 400, 500], Excuses(doubled=1), 0),
        ([300, 400, 400, 400, 500], Excuses(doubled=1), 1),
        ([300, 400, 450, 500], Excuses(), 1),
    ],
)
def test_every_event_once_in_order_or_a_gap(heard, excuse: Excuses, complaints: int) -> None:
    told = [one if isinstance(one, Gap) else event(one) for one in heard]
    assert len(list(hearing(SAID, told, SPAN, excuse))) == complaints


def strike(fault, at_us: int) -> Strike:
    return Strike(1, fault, "user", "executionReport", "alice", "10.0.0.2", at_us, 0.0)


def test_only_what_nobody_can_notice_is_excused() -> None:
    strikes = [strike(Withhold(), 1_000_999), strike(Duplicate(2), 0), strike(Cut(), 0)]
    assert excuses(strikes, right_clock=True) == Excuses(held_ms=frozenset({1_000}), doubled=2)
    for late in (Reorder(), Withhold(5)):
        assert excuses([strike(late, 7_000)], right_clock=False) == Excuses(
            held_ms=frozenset({7}), late=True, right_clock=False
        )


def test_what_was_said_twice_may_be_told_twice() -> None:
    said = [Said(300, event(300)), Said(300, event(300)), Said(400, event(400))]
    assert list(hearing(said, [event(300), event(300), event(400)], SPAN, Excuses())) == []
    assert len(list(hearing(said, [event(300), event(400)], SPAN, Excuses()))) == 1
