"""Two connections that say one sequence: it is told once, and in order."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from surefoot.client.merge import POSITIONS, Merge, Reports, Said
from surefoot.codec.streams import EVENTS
from surefoot.spot.events import (
    BalanceUpdate,
    BookTickerEvent,
    DepthUpdate,
    MiniTickersEvent,
    RollingTickersEvent,
    TradeEvent,
    UnknownEvent,
)
from tests.client.reports import report

ONE = Decimal(1)


def trade(id: int) -> Said:
    event = TradeEvent(
        event_time=id, symbol="A", trade_id=id, price=ONE, quantity=ONE, trade_time=id, is_buyer_maker=True
    )
    return Said(event, "a@trade")


def top(id: int) -> Said:
    event = BookTickerEvent(update_id=id, symbol="A", bid_price=ONE, bid_qty=ONE, ask_price=ONE, ask_qty=ONE)
    return Said(event, "a@bookTicker")


def change(id: int) -> Said:
    event = DepthUpdate(
        event_time=id, symbol="A", first_update_id=3 * id, final_update_id=3 * id + 2, bids=(), asks=()
    )
    return Said(event, "a@depth")


def deposit(id: int) -> Said:
    """Two by two they are the same to the letter."""
    return Said(BalanceUpdate(event_time=id // 2, asset="A", balance_delta=ONE, clear_time=id // 2))


def raw(id: int) -> Said:
    """A decoder of somebody's own, which makes the same of everything; payloads come twice."""
    return Said(UnknownEvent(name="mine", raw=b""), "a@trade", b"%d" % (id // 2))


def number(id: int) -> Said:
    return Said(UnknownEvent(name="new", raw=b"%d" % id), "a@trade")


Kind = Callable[[int], Said]
KINDS: tuple[Kind, ...] = (trade, top, change, deposit, raw, number)
TWINS = [kind(id) for kind in (deposit, raw) for id in range(60)]


def numbered(sequence: list[Kind]) -> list[Said]:
    """Each kind counts for itself."""
    seen: Counter[Kind] = Counter()
    said = []
    for kind in sequence:
        said.append(kind(seen[kind]))
        seen[kind] += 1
    return said


@given(
    sequence=st.lists(st.sampled_from(KINDS), max_size=30),
    cuts=st.tuples(*[st.integers(0, 30)] * 2).map(sorted),
    schedule=st.lists(st.booleans(), max_size=80),
)
@example(sequence=[deposit] * 4, cuts=[1, 3], schedule=[])
def test_any_interleaving_of_two_copies_is_the_sequence_once(
    sequence: list[Kind], cuts: list[int], schedule: list[bool]
) -> None:
    """The next connection says what comes from the first cut on, the old one what comes before the second; it
    is heard whole by then. `schedule` says whose turn it is to say something. Of twins, which nobody can
    tell apart, those before the first cut are told before anything is remembered.
    """
    said = numbered(sequence)
    begun, ended = (min(cut, len(said)) for cut in cuts)
    merge, told, held = Merge(), list[Said](), list[Said]()
    told += [one for one in said[:begun] if one in TWINS or merge.passed(one)]
    old, new = said[begun:ended], said[begun:]
    for turn in schedule:
        if turn and old and merge.passed(old[0]):
            told.append(old.pop(0))
        elif new and not turn:
            held.append(new.pop(0))
    told += [one for one in old if merge.passed(one)]
    assert not merge.begins_too_late(held)
    told += [one for one in held + new if merge.is_news(one)]
    assert told == said


@given(begun=st.integers(0, 20), ended=st.integers(0, 20))
def test_a_hole_between_the_two_is_seen(begun: int, ended: int) -> None:
    for kind in (trade, change):
        merge = Merge()
        for id in range(ended):
            merge.passed(kind(id))
        held = [kind(id) for id in range(begun, 25)]
        assert merge.begins_too_late(held) is (0 < ended < begun)
    assert not merge.begins_too_late([top(99)]), "who does not count without a hole cannot show one"


def test_the_next_connection_may_lag_behind() -> None:
    merge = Merge()
    assert all(merge.passed(trade(id)) for id in range(10))
    assert [id for id in range(4, 14) if merge.is_news(trade(id))] == [10, 11, 12, 13]


def test_streams_are_told_apart() -> None:
    merge = Merge()
    merge.passed(trade(7))
    assert merge.is_news(Said(trade(3).event, "b@trade"))
    merge.passed(Said(UnknownEvent(name="mine", raw=b""), "a@trade", b"1"))
    assert merge.is_news(Said(UnknownEvent(name="mine", raw=b""), "b@trade", b"1"))


def test_what_is_remembered_has_a_bound() -> None:
    merge = Merge(most=10)
    for id in range(100):
        merge.passed(number(id))
    assert [id for id in range(100) if not merge.is_news(number(id))] == list(range(90, 100))
    assert len(merge._told) <= 10
    assert len(merge._keys) == 10


def test_every_market_event_has_an_order_or_is_compared_whole() -> None:
    whole = {MiniTickersEvent, RollingTickersEvent}
    assert set(POSITIONS) == set(EVENTS.values()) - whole


def test_reports_that_come_again_are_known() -> None:
    """TRACK-3: events are applied once; each report is one by symbol, order and execution id."""
    reports = Reports(most=5)
    assert not reports.repeats(report(1))
    assert reports.repeats(report(1))
    assert not any(reports.repeats(report(id)) for id in range(2, 6))
    assert reports.repeats(report(1))
    assert not reports.repeats(report(1, order_id=78))
    assert not reports.repeats(report(1)), "the oldest was forgotten"
    assert not reports.repeats(deposit(1).event)
    assert not reports.repeats(deposit(1).event), "two deposits may look the same"
