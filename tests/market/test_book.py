"""The book core: never wrong, whatever the wire does to its diffs."""

from collections.abc import Iterator
from decimal import Decimal as D

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import ProtocolViolation
from surefoot.market.book import Book, BookChange, BookState, decode_change
from surefoot.market.ladder import MOST_KNOWN, Ladder
from surefoot.spot.enums import Side
from surefoot.spot.market import Depth, Level

LIMIT = 50


class Naive:
    """The exchange's own book, and what it looked like after every update."""

    def __init__(self) -> None:
        self.sides: tuple[dict[int, int], dict[int, int]] = ({99: 1}, {101: 1})
        self.pictures = [self.picture()]
        self.changes: list[BookChange] = []

    @property
    def update_id(self) -> int:
        return len(self.pictures) - 1

    def picture(self) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
        bids, asks = self.sides
        return (
            tuple(Level(D(price), D(bids[price])) for price in sorted(bids, reverse=True)),
            tuple(Level(D(price), D(asks[price])) for price in sorted(asks)),
        )

    def diff(self, updates: list[tuple[int, int, int]]) -> None:
        """One event of the stream: several updates, (side, price, quantity)."""
        first = self.update_id + 1
        changed: tuple[dict[int, int], dict[int, int]] = ({}, {})
        for side, price, quantity in updates:
            changed[side][price] = quantity
            self.sides[side][price] = quantity
            if not quantity:
                del self.sides[side][price]
            self.pictures.append(self.picture())
        bids, asks = (tuple((f"{p}.00000000", f"{q}.00000000") for p, q in it.items()) for it in changed)
        self.changes.append(
            BookChange(
                event_time=0, first_update_id=first, final_update_id=self.update_id, bids=bids, asks=asks
            )
        )

    def snapshot(self, at: int, limit: int = 5000) -> Depth:
        bids, asks = self.pictures[at]
        return Depth(last_update_id=at, bids=bids[:limit], asks=asks[:limit])


UPDATES = st.lists(
    st.one_of(
        st.tuples(st.just(0), st.integers(90, 100), st.integers(0, 3)),
        st.tuples(st.just(1), st.integers(101, 111), st.integers(0, 3)),
    ),
    min_size=1,
    max_size=4,
)
TRAFFIC = st.lists(UPDATES, min_size=1, max_size=30)


@st.composite
def on_the_wire(draw: st.DrawFn) -> tuple[Naive, list[int]]:
    """A market, and its diffs as a bad wire delivers them: some lost, some twice, some late."""
    naive = Naive()
    for updates in draw(TRAFFIC):
        naive.diff(updates)
    order: list[int] = []
    for index in range(len(naive.changes)):
        order += [index] * draw(st.sampled_from([1, 1, 1, 1, 1, 0, 2]))
    for at in draw(st.lists(st.integers(0, max(0, len(order) - 2)), max_size=3)):
        if at + 1 < len(order):
            order[at], order[at + 1] = order[at + 1], order[at]
    return naive, order


def shown(book: Book) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
    return book.bids.top(1_000), book.asks.top(1_000)


@given(on_the_wire(), st.data())
def test_a_live_book_is_right_whatever_the_wire_does(
    wire: tuple[Naive, list[int]], data: st.DataObject
) -> None:
    """Lost, doubled and late diffs: the book is that of its update id, or it says that it is not live."""
    naive, order = wire
    book = Book(LIMIT)
    for index in order:
        change = naive.changes[index]
        expected = book.update_id + 1
        was_live = book.state is BookState.LIVE
        book.hear(change, now_ms=index)
        if was_live and change.first_update_id > expected:
            assert book.state is BookState.STALE
            assert book.since_ms == index
            assert book.wants_snapshot
        if book.wants_snapshot and data.draw(st.booleans()):
            at = data.draw(st.integers(0, naive.update_id))  # old ones, and ones ahead of the stream
            book.take(naive.snapshot(at), now_ms=index)
        if book.state is BookState.LIVE:
            assert shown(book) == naive.pictures[book.update_id]
    if book.wants_snapshot:
        assert book.take(naive.snapshot(naive.update_id), now_ms=0)
    if book.update_id < naive.update_id:  # the end was lost: the next diff shows it
        naive.diff([(0, 95, 2)])
        book.hear(naive.changes[-1], now_ms=0)
        if book.state is BookState.STALE:
            assert book.take(naive.snapshot(naive.update_id), now_ms=0)
    assert book.state is BookState.LIVE
    assert shown(book) == naive.pictures[book.update_id]


@given(TRAFFIC, st.data())
def test_any_snapshot_that_is_taken_makes_the_book_right(
    traffic: list[list[tuple[int, int, int]]], data: st.DataObject
) -> None:
    naive, book = Naive(), Book(LIMIT)
    for updates in traffic:
        naive.diff(updates)
    begin = data.draw(st.integers(0, len(naive.changes) - 1))
    for change in naive.changes[begin:]:
        assert not book.hear(change, 0)
    at = data.draw(st.integers(0, naive.update_id))
    taken = book.take(naive.snapshot(at), 0)
    assert taken is (at + 1 >= naive.changes[begin].first_update_id)
    assert book.wants_snapshot is not taken
    if taken:
        assert (book.state, book.update_id) == (BookState.LIVE, naive.update_id)
        assert shown(book) == naive.pictures[-1]


def change(first: int, final: int, *bids: tuple[str, str]) -> BookChange:
    return BookChange(event_time=0, first_update_id=first, final_update_id=final, bids=bids, asks=())


def depth(id: int, bids: range = range(0), asks: range = range(0)) -> Depth:
    return Depth(
        last_update_id=id,
        bids=tuple(Level(D(price), D(1)) for price in bids),
        asks=tuple(Level(D(price), D(1)) for price in asks),
    )


def test_an_interruption_makes_a_live_book_stale_and_keeps_what_it_knew() -> None:
    book = Book()
    book.interrupt(5)
    assert (book.state, book.since_ms) == (BookState.SYNCING, None)
    assert book.take(depth(1, range(9, 7, -1)), 0)
    book.interrupt(7)
    assert (book.state, book.since_ms, book.epoch) == (BookState.STALE, 7, 2)
    book.interrupt(9)
    assert book.since_ms == 7
    assert book.bids.best == Level(D(9), D(1))
    assert book.take(depth(3), 0)
    assert (book.state, book.since_ms, book.bids.best) == (BookState.LIVE, None, None)


def test_what_lies_beyond_the_snapshot_is_not_shown_and_a_thin_book_wants_another() -> None:
    book = Book(limit=8)
    assert book.take(depth(1, range(100, 92, -1), range(101, 105)), 0)
    assert book.bids.horizon == 93
    assert book.asks.horizon is None
    assert book.hear(change(2, 2, ("50.00000000", "1.00000000")), 0)
    assert [level.price for level in book.bids.top(20)] == list(range(100, 92, -1))
    assert book.bids.volume_to(D(50)).complete is False
    assert book.bids.volume_to(D(93)).complete is True
    assert not book.wants_snapshot
    gone = tuple((f"{price}.00000000", "0.00000000") for price in range(94, 101))
    assert book.hear(change(3, 3, *gone), 0)
    assert (book.wants_snapshot, book.state, len(book.bids)) == (True, BookState.LIVE, 1)
    assert book.hear(change(4, 4, ("96.00000000", "2.00000000")), 0)
    assert not book.take(depth(2, range(100, 92, -1)), 0), "older than what it shows"
    assert book.take(depth(3, range(93, 85, -1)), 0)
    assert (book.update_id, book.bids.best, book.bids.horizon) == (4, Level(D(96), D(2)), 86)


def test_a_side_that_is_empty_up_to_its_horizon_shows_nothing_wrong() -> None:
    ladder = Ladder(Side.SELL)
    ladder.replace([Level(D(101), D(1))], whole=False)
    ladder.change([("101.00000000", "0.00000000"), ("105.00000000", "1.00000000")])
    assert (ladder.best, len(ladder), ladder.top(5)) == (None, 0, ())


def test_prices_however_spelled() -> None:
    ladder = Ladder(Side.BUY)
    ladder.change(
        [("1.5", "2"), ("0.00000001", "3"), ("1.50000000", "4"), ("1.500000000000", "5"), ("2", "1")]
    )
    assert ladder.top(9) == (Level(D(2), D(1)), Level(D("1.5"), D(5)), Level(D("1E-8"), D(3)))
    ladder.change([("2.0", "0"), ("1.5", "0.0000"), ("7", "0.00000000")])
    assert ladder.top(9) == (Level(D("1E-8"), D(3)),)
    assert ladder.top(-1) == ladder.top(0) == ()


def test_more_prices_than_are_remembered() -> None:
    ladder = Ladder(Side.BUY)
    ladder.change([("1.00000000", "1")])
    for number in range(2, MOST_KNOWN + 3):
        ladder.change([(f"{number}.00000000", "1"), (f"{number}.00000000", "0")])
    ladder.change([("1.00000000", "2"), ("3.0", "3")])
    assert ladder.top(5) == (Level(D(3), D(3)), Level(D(1), D(2)))


def test_volume() -> None:
    ladder = Ladder(Side.SELL)
    ladder.change([("10", "1"), ("11", "2"), ("12", "4")])
    volume = ladder.volume_to(D("11.5"))
    assert (volume.base, volume.quote, volume.complete) == (3, 32, True)
    assert ladder.volume_to(D(9)).base == 0


@pytest.mark.parametrize("price", ["", ".", "x.00000000", "1.123456789", "1.2.3", "1e5"])
def test_a_diff_that_cannot_be_read_makes_the_book_stale(price: str) -> None:
    book = Book()
    book.take(depth(1), 0)
    with pytest.raises(ProtocolViolation):
        book.hear(change(2, 2, (price, "1.00000000")), 8)
    assert (book.state, book.since_ms) == (BookState.STALE, 8)


def test_a_quantity_that_is_none_is_refused_when_it_is_read() -> None:
    ladder = Ladder(Side.BUY)
    ladder.change([("1.00000000", "many")])
    with pytest.raises(ProtocolViolation, match="many"):
        ladder.best  # noqa: B018


def test_a_diff_as_the_exchange_sends_it() -> None:
    raw = b'{"e":"depthUpdate","E":5,"s":"X","U":1,"u":2,"b":[["0.0024","10"]],"a":[["0.0026","100"]]}'
    assert decode_change(raw) == BookChange(
        event_time=5,
        first_update_id=1,
        final_update_id=2,
        bids=(("0.0024", "10"),),
        asks=(("0.0026", "100"),),
    )
    with pytest.raises(msgspec.DecodeError):
        decode_change(raw.replace(b"depthUpdate", b"trade"))


def endless() -> Iterator[int]:
    yield from range(2, 12_002)


def test_what_waits_for_a_snapshot_is_bounded() -> None:
    book = Book()
    for number in endless():
        book.hear(change(number, number), 0)
    assert len(book._held) == 10_000
    assert not book.take(depth(1), 0)
    assert book.take(depth(12_000), 0)
    assert book.update_id == 12_001


def test_a_side_shows_its_size_and_its_best_level() -> None:
    side = Ladder(Side.SELL)
    assert repr(side) == "Ladder(SELL, empty)"
    side.change((("2.50000000", "1"), ("3.00000000", "1")))
    assert repr(side) == "Ladder(SELL, 2 levels, best 2.50000000)"
