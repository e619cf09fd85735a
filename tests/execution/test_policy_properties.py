"""Whatever happens, no limit is overrun, and whoever reads the journal counts the same (ORDER-6, TRACK-1)."""

from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.errors import PolicyRefusal
from surefoot.execution.entries import AnyEntry, Entry, Listed, NotPlaced, Placed
from surefoot.execution.guard import Guard, GuardState, Top
from surefoot.execution.policy import Policy
from surefoot.execution.spent import DAY_MS, Spent
from surefoot.spot.enums import Side
from surefoot.spot.orders import OrderAnswer
from tests.execution.naive_spending import Line, Lines
from tests.execution.standings import NOON_MS, D, order, submitted

SYMBOLS = {"BTCUSDT": "USDT", "ETHUSDT": "USDT", "BTCEUR": "EUR"}
MINUTE_CAP, DAY_CAP, ORDERS_CAP, POSITION_CAP = D(300), D(700), 20, D(12)
POLICY = Policy(
    symbols=SYMBOLS,
    notional_per_order={"USDT": 200, "EUR": 200},
    notional_per_minute={"USDT": MINUTE_CAP, "EUR": MINUTE_CAP},
    notional_per_day={"USDT": DAY_CAP, "EUR": DAY_CAP},
    open_orders=ORDERS_CAP,
    position=dict.fromkeys(SYMBOLS, POSITION_CAP),
)


class Own(msgspec.Struct):
    """An order of ours as it really is."""

    id: str
    symbol: str
    side: Side
    left: Decimal
    alive: bool = True


class Story:
    """A guard beside the whole truth. Time may go back, the process may begin anew."""

    def __init__(self) -> None:
        self.guard = Guard(POLICY)
        self.lines = Lines()
        self.entries: list[Entry] = []
        self.orders: list[Own] = []
        self.holdings = dict.fromkeys(SYMBOLS, D(2))
        self.now_ms = NOON_MS + DAY_MS // 2 - 90_000
        for symbol, quote in SYMBOLS.items():
            self.write(Listed(at_ms=self.now_ms, symbol=symbol, base=symbol[:3], quote=quote))

    def write(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.lines.hear(entry.at_ms)
        self.guard.apply(entry)

    # What a Standing says

    def open_count(self) -> int:
        return sum(each.alive for each in self.orders)

    def unfilled(self, symbol: str, side: Side) -> Decimal:
        mine = [
            each.left for each in self.orders if each.alive and (each.symbol, each.side) == (symbol, side)
        ]
        return sum(mine, D(0))

    def held(self, symbol: str) -> Decimal:
        return self.holdings[symbol]

    def lost_today(self, quote: str, now_ms: int) -> Decimal:
        return D(0)

    def top(self, symbol: str) -> Top | None:
        return None

    def pair(self, symbol: str) -> tuple[str, str]:
        return symbol[:3], SYMBOLS[symbol]

    # What happens

    def step(self, what: tuple[Any, ...]) -> None:
        match what:
            case ("ask", symbol, side, quantity, price, reduces):
                self.ask(symbol, side, quantity, price, reduces)
            case ("wait", by_ms):
                self.now_ms += by_ms
            case ("restart",):
                written = msgspec.json.encode(self.guard.state())
                self.guard = Guard.restored(POLICY, msgspec.json.decode(written, type=GuardState))
            case (event, number):
                self.happens(event, number)

    def ask(self, symbol: str, side: str, quantity: Decimal, price: Decimal, reduces: bool) -> None:
        request = order(side, "LIMIT", quantity, price, symbol=symbol)
        notional, quote = quantity * price, SYMBOLS[symbol]
        fits = self.sells(request, reduces) if reduces else self.room(request, notional, quote)
        try:
            assert self.guard.admit(request, self.now_ms, self, reduces=reduces) == notional
        except PolicyRefusal:
            assert not fits
            return
        assert fits
        id = f"id{len(self.orders)}"
        self.orders.append(Own(id, symbol, Side(side), quantity))
        at_ms = max(self.now_ms, self.lines.latest_ms)
        self.lines.all.append(Line(id, quote, notional, at_ms, exempt=reduces))
        self.write(submitted(id, self.now_ms, notional, request))

    def room(self, request: Any, notional: Decimal, quote: str) -> bool:
        bought = request.quantity if request.side == Side.BUY else None
        return (
            notional <= 200
            and self.lines.minute(quote, self.now_ms) + notional <= MINUTE_CAP
            and self.lines.day(quote, self.now_ms) + notional <= DAY_CAP
            and self.open_count() < ORDERS_CAP
            and (bought is None or self.exposure(request.symbol) + bought <= POSITION_CAP)
        )

    def sells(self, request: Any, reduces: bool) -> bool:
        free = self.held(request.symbol) - self.unfilled(request.symbol, Side.SELL)
        return request.side == Side.SELL and request.quantity <= free

    def exposure(self, symbol: str) -> Decimal:
        return self.holdings[symbol] + self.unfilled(symbol, Side.BUY)

    def happens(self, event: str, number: int) -> None:
        """To one of the orders, or to one that never was."""
        id = f"id{number}"
        own = next((each for each in self.orders if each.id == id), None)
        if event == "not placed":
            # Said twice, or of what was placed, it must change nothing.
            self.lines.not_placed(id)
            self.write(NotPlaced(at_ms=self.now_ms, id=id, because="absent", text=""))
        if own is None or not own.alive:
            return
        if event == "not placed":
            own.alive = any(line.id == id and line.placed for line in self.lines.all)
            return
        self.lines.placed(id)
        self.write(Placed(at_ms=self.now_ms, id=id, answer=answer_of(own)))
        if event == "filled":
            sign = 1 if own.side == Side.BUY else -1
            self.holdings[own.symbol] += sign * own.left
        own.alive = event == "placed"


def answer_of(own: Own) -> OrderAnswer:
    return OrderAnswer(
        symbol=own.symbol, order_id=1, order_list_id=-1, client_order_id=own.id, transact_time=NOON_MS
    )


TENTHS = st.integers(1, 25).map(lambda tenths: Decimal(tenths) / 10)
ASKS = st.tuples(
    st.just("ask"),
    st.sampled_from(sorted(SYMBOLS)),
    st.sampled_from(["BUY", "SELL"]),
    TENTHS,
    st.sampled_from([D(1), D(20), D(50), D("99.9"), D(100)]),
    st.sampled_from([False, False, False, True]),
)
WAITS = st.tuples(
    st.just("wait"),
    st.sampled_from([1, 1_000, 20_000, 59_999, 60_000, 3_600_000, -1, -30_000, -61_000, -DAY_MS]),
)
EVENTS = st.tuples(st.sampled_from(["placed", "filled", "canceled", "not placed"]), st.integers(0, 30))
RESTARTS = st.just(("restart",))
STEPS = st.lists(st.one_of(ASKS, ASKS, ASKS, WAITS, WAITS, EVENTS, RESTARTS), min_size=30, max_size=90)


@settings(max_examples=300)
@given(STEPS)
def test_no_limit_is_overrun_whatever_happens(steps: list[tuple[Any, ...]]) -> None:
    """Every verdict is that of a list which is summed up anew; in the end no minute and no day held more than
    it may, and nothing bought, or on order, more than the position.
    """
    story = Story()
    for step in steps:
        story.step(step)
        assert story.open_count() <= ORDERS_CAP + sum(line.exempt for line in story.lines.all)
    assert_never_more(story.lines)
    for symbol in SYMBOLS:
        assert story.exposure(symbol) <= POSITION_CAP


def assert_never_more(lines: Lines) -> None:
    for number, line in enumerate(lines.all):
        until_then = Lines()
        until_then.all = lines.all[: number + 1]
        if not line.exempt and not line.gone:
            assert until_then.minute(line.quote, line.at_ms) <= MINUTE_CAP
            assert until_then.day(line.quote, line.at_ms) <= DAY_CAP


@settings(max_examples=60)
@given(STEPS)
def test_any_prefix_of_the_journal_folds_to_the_machine_of_that_moment(steps: list[tuple[Any, ...]]) -> None:
    """TRACK-1: after a restart the counters are what they were, from the entries as they were written."""
    story, seen = Story(), []
    for step in steps:
        story.step(step)
        seen.append((len(story.entries), story.guard.state()))
    decoder, again, read = msgspec.json.Decoder(AnyEntry), Guard(POLICY), 0
    for length, state in seen:
        for entry in story.entries[read:length]:
            again.apply(decoder.decode(msgspec.json.encode(entry)))
        read = length
        assert again.state() == state


def test_sixty_four_in_flight_cannot_overrun_a_cap() -> None:
    """Each is admitted before any of the others has an answer."""
    story = Story()
    for _ in range(64):
        story.step(("ask", "BTCUSDT", "SELL", D(1), D(20), False))
    assert story.lines.minute("USDT", story.now_ms) == MINUTE_CAP
    assert story.open_count() == 15
    for _ in range(64):
        story.step(("ask", "BTCEUR", "SELL", D(1), D(20), False))
    assert story.open_count() == ORDERS_CAP


def test_by_itself_too_the_count_does_not_go_back() -> None:
    spent = Spent()
    for at_ms in (NOON_MS, NOON_MS - DAY_MS, NOON_MS - 61_000):
        spent.heard(at_ms)
        spent.reserve(f"at {at_ms}", "USDT", D(1))
    assert spent.clock_ms == NOON_MS
    for now_ms in (0, NOON_MS - DAY_MS, NOON_MS):
        assert (spent.in_minute("USDT", now_ms), spent.in_day("USDT", now_ms)) == (3, 3)
    assert (spent.in_minute("USDT", NOON_MS + 60_000), spent.in_day("USDT", NOON_MS + 60_000)) == (0, 3)


def test_memory_does_not_grow_with_the_days() -> None:
    """Only the minute, and what may still turn out not to have been placed, is remembered one by one."""
    spent = Spent()
    for number in range(20_000):
        spent.heard(NOON_MS + number * 1_000)
        spent.reserve(f"id{number}", "USDT", D(1))
        if number % 10:
            spent.placed(f"id{number}")
    state = spent.state()
    assert len(state.minute) == 60
    assert len(state.undecided) == 2_000
    spent.heard(NOON_MS + 2 * DAY_MS)
    assert spent.state().undecided == spent.state().minute == ()
