"""Price-time priority, in ticks and steps."""

from hypothesis import given
from hypothesis import strategies as st

from surefoot.exchange.core.book import WORST, Book, Entry
from surefoot.spot.enums import Side


def filled(side: str, *orders: tuple[int, int]) -> tuple[Book[Entry], list[Entry]]:
    book: Book[Entry] = Book()
    half = book.bids if side == "bids" else book.asks
    entries = [Entry(ticks * half.sign, steps) for ticks, steps in orders]
    for entry in entries:
        half.add(entry)
    return book, entries


def test_the_better_price_comes_first_and_within_it_the_older_order() -> None:
    book, (worse, first, second) = filled("asks", (101, 5), (100, 2), (100, 3))
    assert book.asks.take(-101, 6) == [(first, 2), (second, 3), (worse, 1)]
    assert book.asks.ladder(5) == [(101, 4)]


def test_nothing_is_taken_beyond_the_limit() -> None:
    book, (worse, best) = filled("bids", (99, 5), (100, 2))
    assert book.bids.take(100, 6) == [(best, 2)]
    assert worse.left == 5
    assert book.bids.top() == (99, 5)


def test_a_partly_filled_order_keeps_its_place() -> None:
    book, (first, second) = filled("bids", (100, 5), (100, 5))
    book.bids.take(WORST, 2)
    assert book.bids.take(WORST, 4) == [(first, 3), (second, 1)]


def test_available_counts_only_what_the_limit_reaches() -> None:
    book, _ = filled("asks", (100, 2), (101, 5))
    assert book.asks.available(-100, 7) == 2
    assert book.asks.available(-101, 7) == 7
    assert book.asks.available(-101, 3) == 3


def test_a_budget_pays_for_whole_steps_and_a_small_rest_is_no_shortage() -> None:
    book, _ = filled("asks", (100, 2), (101, 5))
    assert book.asks.affordable(199) == (1, False)
    assert book.asks.affordable(200 + 5 * 101 + 100) == (7, False)
    assert book.asks.affordable(200 + 5 * 101 + 101) == (7, True)


def test_what_changed_is_told_with_what_is_there_now() -> None:
    book, (_, second) = filled("asks", (100, 2), (100, 4))
    book.asks.touched.clear()
    book.asks.remove(second)
    assert book.asks.touched == {-100: 2}
    book.asks.take(WORST, 2)
    assert book.asks.touched == {-100: 0}
    assert book.asks.top() == (0, 0)


def test_own_and_other_side() -> None:
    book: Book[Entry] = Book()
    assert book.own(Side.BUY) is book.other(Side.SELL) is book.bids
    assert book.own(Side.SELL) is book.other(Side.BUY) is book.asks


@given(
    orders=st.lists(st.tuples(st.integers(1, 6), st.integers(1, 9)), min_size=1, max_size=20),
    leaving=st.sets(st.integers(0, 19)),
    wanted=st.integers(0, 60),
)
def test_like_a_sorted_list(orders: list[tuple[int, int]], leaving: set[int], wanted: int) -> None:
    """Orders leave from anywhere; what is left is taken in price-time order."""
    book, entries = filled("asks", *orders)
    for number in leaving & set(range(len(entries))):
        book.asks.remove(entries[number])
    queue = sorted(
        (ticks, number, steps) for number, (ticks, steps) in enumerate(orders) if number not in leaving
    )
    expected, left = [], wanted
    for _, number, steps in queue:
        if left:
            expected.append((entries[number], min(steps, left)))
            left -= min(steps, left)
    assert book.asks.take(WORST, wanted) == expected
    assert sum(steps for _, steps in book.asks.ladder(99)) == sum(s for *_, s in queue) - (wanted - left)
