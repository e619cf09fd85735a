"""Each of the operator's limits, at its edge and beyond, with the exact words of the refusal (ORDER-6)."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from surefoot.errors import JournalError, Misuse, PolicyRefusal
from surefoot.execution.entries import Armed, Listed, NotPlaced, Opened, Placed, Tripped
from surefoot.execution.guard import Guard, Top
from surefoot.execution.policy import READ_ONLY, Policy
from surefoot.spot.account import GetOrder
from surefoot.spot.enums import OrderType, PegPriceType, Side
from surefoot.spot.order_lists import CancelOrderList
from surefoot.spot.order_replace import AmendOrder
from surefoot.spot.orders import OrderAnswer
from surefoot.spot.request import Request
from surefoot.spot.sor import NewSorOrder
from surefoot.spot.trade import CancelOpenOrders, CancelOrder, TestOrder
from tests.execution.standings import (
    NOON_MS,
    Account,
    D,
    oco,
    opo,
    order,
    oto,
    otoco,
    replacement,
    submitted,
)

OLD = Top(D(100), D(101), NOON_MS - 5_001)
AMEND = AmendOrder(symbol="BTCUSDT", order_id=1, new_qty=D("0.5"))
CANCELS = [
    CancelOrder(symbol="BTCUSDT", order_id=1),
    CancelOpenOrders(symbol="BTCUSDT"),
    CancelOrderList(symbol="BTCUSDT", order_list_id=1),
]


def policy(**limits: Any) -> Policy:
    return Policy(**{"symbols": {"BTCUSDT"}} | limits)


def admit(given: Policy, request: Request[Any], account: Account | None = None, **more: Any) -> Decimal:
    return Guard(given).admit(request, NOON_MS, account or Account(), **more)


def words(given: Policy, request: Request[Any], account: Account | None = None, **more: Any) -> str:
    with pytest.raises(PolicyRefusal) as refused:
        admit(given, request, account, **more)
    return str(refused.value)


# What an order counts as

COUNTED: list[tuple[str, Request[Any], str]] = [
    ("a limit bounds what a BUY costs", order("BUY", "LIMIT", "2", "90"), "180"),
    ("a SELL at its limit", order("SELL", "LIMIT", "2", "110"), "220"),
    ("a SELL far below the market fetches the market", order("SELL", "LIMIT", "2", "0.01"), "200"),
    ("a maker executes at its price only", order("SELL", "LIMIT_MAKER", "2", "99.5"), "199"),
    ("MARKET BUY at the ask", order("BUY", "MARKET", "2"), "202"),
    ("MARKET SELL at the bid", order("SELL", "MARKET", "2"), "200"),
    ("MARKET by amount", order("BUY", "MARKET", None, quote_order_qty="250"), "250"),
    ("both given: the larger", order("BUY", "MARKET", "2", quote_order_qty="150"), "202"),
    ("a stop at its stop price", order("BUY", "STOP_LOSS", "2", stop_price="120"), "240"),
    ("a limit beside a stop", order("BUY", "STOP_LOSS_LIMIT", "2", "121", stop_price="120"), "242"),
    ("a SELL stop at the higher", order("SELL", "STOP_LOSS_LIMIT", "2", "70", stop_price="80"), "160"),
    ("a trailing stop from the book", order("BUY", "STOP_LOSS", "2", trailing_delta=100), "204.02"),
    ("a price where none belongs", order("BUY", "MARKET", "2", "1"), "202"),
    ("a pegged BUY", order("BUY", "LIMIT", "2", peg_price_type=PegPriceType.PRIMARY_PEG), "202"),
    ("a pegged SELL may rest at the ask", order("SELL", "LIMIT", "2", peg_price_type="PRIMARY_PEG"), "202"),
    ("an iceberg in full", order("BUY", "LIMIT", "2", "90", iceberg_qty="0.1"), "180"),
    ("a replacement as the new order", replacement("BUY", "LIMIT", "2", "90"), "180"),
    (
        "a routed order",
        NewSorOrder(symbol="BTCUSDT", side=Side.BUY, type=OrderType.MARKET, quantity=D(1)),
        "101",
    ),
    ("an OCO as its larger order", oco("SELL", "2", "130", "80"), "260"),
    ("an OCO that buys, as its stop", oco("BUY", "2", "130", "80"), "260"),
    ("OTO: selling what was bought is free", oto(("BUY", "2", "90"), ("SELL", "2", "150")), "180"),
    ("OTO: selling more than that is not", oto(("BUY", "2", "90"), ("SELL", "3", "150")), "630"),
    ("OTO: another BUY counts on top", oto(("BUY", "2", "90"), ("BUY", "3", "80")), "420"),
    ("OTO: buying back counts on top", oto(("SELL", "2", "110"), ("BUY", "2", "90")), "400"),
    ("OPO", opo("2", "90", "150"), "180"),
    ("OTOCO", otoco("2", "90", "150", "80"), "180"),
    ("an amendment makes smaller", AMEND, "0"),
]


@pytest.mark.parametrize(("_why", "request_", "notional"), COUNTED, ids=[each[0] for each in COUNTED])
def test_what_it_counts_as(_why: str, request_: Request[Any], notional: str) -> None:
    assert admit(policy(), request_) == D(notional)


def test_the_band_is_added_where_the_book_decides() -> None:
    wide = policy(price_band="0.1")
    assert admit(wide, order("BUY", "MARKET", "2")) == D("222.2")
    assert admit(wide, order("SELL", "MARKET", "2")) == D(220)
    assert admit(wide, order("BUY", "STOP_LOSS", "2", stop_price="120")) == D(264)
    assert admit(wide, order("BUY", "LIMIT", "2", "90")) == D(180)


# What is refused, and how

TIGHT = policy(
    notional_per_order={"USDT": "200"},
    notional_per_minute={"USDT": "300"},
    notional_per_day={"USDT": "1000"},
)
BANDED = policy(price_band="0.01")
LOSS = (
    "loss_per_day: asked {} with 50 USDT lost today, "
    "limit 50 USDT, from which on only what sells what is held passes"
)
STALE = "stale_after_ms: asked with {}, limit a book of BTCUSDT not older than 5000 ms"
REFUSED: list[tuple[Policy, Request[Any], Account, str]] = [
    (
        READ_ONLY,
        order("BUY", "LIMIT", "1", "90"),
        Account(),
        "read_only: asked NewOrder, limit nothing that changes anything; trading needs at least symbols=: "
        "name those that may be traded, as in Policy(symbols={'BTCUSDT'})",
    ),
    (
        policy(read_only=True),
        AMEND,
        Account(),
        "read_only: asked AmendOrder, limit nothing that changes anything; pass read_only=False to trade",
    ),
    (
        policy(symbols=["LTCUSDT", "ETHUSDT"]),
        order("BUY", "LIMIT", "1", "90"),
        Account(),
        "symbols: asked BTCUSDT, limit ETHUSDT, LTCUSDT",
    ),
    (
        policy(order_types=["LIMIT_MAKER", "LIMIT"]),
        order("BUY", "MARKET"),
        Account(),
        "order_types: asked MARKET, limit LIMIT, LIMIT_MAKER",
    ),
    (
        policy(order_types=["LIMIT", "LIMIT_MAKER"]),
        otoco("1", "90", "150", "80"),
        Account(),
        "order_types: asked STOP_LOSS_LIMIT, limit LIMIT, LIMIT_MAKER",
    ),
    (
        TIGHT,
        order("BUY", "LIMIT", "2", "100.01"),
        Account(),
        "notional_per_order: asked 200.02 USDT by BUY LIMIT BTCUSDT, limit 200 USDT",
    ),
    (
        policy(symbols={"BTCEUR"}, notional_per_order={"USDT": 1, "BUSD": 1}),
        order("BUY", "LIMIT", "2", "1", symbol="BTCEUR"),
        Account(),
        "notional_per_order: asked EUR, limit given for BUSD, USDT only",
    ),
    (
        policy(notional_per_minute={"EUR": 1}),
        order("BUY", "LIMIT", "2", "1"),
        Account(),
        "notional_per_minute: asked USDT, limit given for EUR only",
    ),
    (
        policy(notional_per_day={"USDT": 0}),
        order("BUY", "LIMIT", "0.1", "1"),
        Account(),
        "notional_per_day: asked 0.1 USDT on top of 0 USDT, limit 0 USDT",
    ),
    (
        policy(open_orders=3),
        oco("SELL", "1", "130", "80"),
        Account(count=2),
        "open_orders: asked 2 with 2 open or in flight, limit 3",
    ),
    (
        policy(open_orders=0),
        order("BUY", "LIMIT", "1", "90"),
        Account(),
        "open_orders: asked 1 with 0 open or in flight, limit 0",
    ),
    (
        policy(position={"BTCUSDT": 3}),
        order("BUY", "LIMIT", "1.1", "90"),
        Account(holds=D("1.5"), buying=D("0.5"), selling=D(9)),
        "position: asked BUY 1.1 with 1.5 held and 0.5 on order, limit 3 of BTCUSDT",
    ),
    (
        policy(position={"BTCUSDT": 3}),
        oto(("SELL", "1", "110"), ("BUY", "3.1", "90")),
        Account(),
        "position: asked BUY 3.1 with 0 held and 0 on order, limit 3 of BTCUSDT",
    ),
    (
        policy(position={"BTCUSDT": 3}),
        replacement("BUY", "LIMIT", "2", "90"),
        Account(buying=D(2)),
        "position: asked BUY 2 with 0 held and 2 on order, limit 3 of BTCUSDT",
    ),
    (
        policy(position={"BTCUSDT": "0.9"}, price_band="0.1"),
        order("BUY", "MARKET", None, quote_order_qty="90.9"),
        Account(),
        "position: asked BUY 1 with 0 held and 0 on order, limit 0.9 of BTCUSDT",
    ),
    (
        policy(position={"ETHUSDT": 3}),
        order("BUY", "LIMIT", "1", "90"),
        Account(),
        "position: asked BTCUSDT, limit given for ETHUSDT only",
    ),
    (
        policy(loss_per_day={"USDT": 50}),
        order("BUY", "LIMIT", "1", "90"),
        Account(lost=D(50)),
        LOSS.format("BUY LIMIT BTCUSDT"),
    ),
    (
        policy(loss_per_day={"USDT": 50}),
        order("SELL", "LIMIT", "1", "110"),
        Account(lost=D(50), holds=D(2), selling=D("1.1")),
        LOSS.format("SELL LIMIT BTCUSDT"),
    ),
    (
        policy(loss_per_day={"USDT": 50}),
        oto(("SELL", "1", "110"), ("BUY", "1", "90")),
        Account(lost=D(50), holds=D(2)),
        LOSS.format("SELL LIMIT BTCUSDT and BUY LIMIT BTCUSDT"),
    ),
    (
        BANDED,
        order("BUY", "LIMIT", "1", "102.02"),
        Account(),
        "price_band: asked BUY at 102.02, limit at most 102.01 (0.01 from 101)",
    ),
    (
        BANDED,
        order("SELL", "LIMIT", "1", "98.99"),
        Account(),
        "price_band: asked SELL at 98.99, limit at least 99 (0.01 from 100)",
    ),
    (
        BANDED,
        order("SELL", "STOP_LOSS_LIMIT", "1", "79", stop_price="80"),
        Account(),
        "price_band: asked SELL at 79, limit at least 79.2 (0.01 from 80)",
    ),
    (
        BANDED,
        order("SELL", "STOP_LOSS_LIMIT", "1", "97", trailing_delta=200),
        Account(),
        "price_band: asked SELL at 97, limit at least 97.02 (0.01 from 98)",
    ),
    (
        BANDED,
        oto(("BUY", "1", "50"), ("SELL", "1", "49.4")),
        Account(),
        "price_band: asked SELL at 49.4, limit at least 49.5 (0.01 from 50)",
    ),
    (BANDED, order("BUY", "LIMIT", "1", "90"), Account(book=None), STALE.format("no book")),
    (BANDED, order("BUY", "LIMIT", "1", "90"), Account(book=OLD), STALE.format("one 5001 ms old")),
    (policy(), order("SELL", "MARKET"), Account(book=OLD), STALE.format("one 5001 ms old")),
    (
        policy(),
        order("BUY", "MARKET"),
        Account(book=Top(D(1), D(2), NOON_MS + 5_001)),
        STALE.format("one 5001 ms old"),
    ),
    (
        policy(),
        order("BUY", "MARKET"),
        Account(book=Top(D(1), D(0), NOON_MS)),
        STALE.format("one without asks"),
    ),
    (
        policy(),
        order("SELL", "MARKET"),
        Account(book=Top(D(0), D(1), NOON_MS)),
        STALE.format("one without bids"),
    ),
    (
        BANDED,
        order("BUY", "MARKET", None, quote_order_qty="10"),
        Account(book=OLD),
        STALE.format("one 5001 ms old"),
    ),
]


@pytest.mark.parametrize(
    ("given", "request_", "account", "text"), REFUSED, ids=[each[3][:60] for each in REFUSED]
)
def test_refusals_name_rule_limit_and_what_was_asked(
    given: Policy, request_: Request[Any], account: Account, text: str
) -> None:
    """ORDER-6: no limit is passed, and whoever is refused is told by which."""
    assert words(given, request_, account) == text


PASSES: list[tuple[Policy, Request[Any], Account]] = [
    (TIGHT, order("BUY", "LIMIT", "2", "100"), Account()),
    (policy(open_orders=4), oco("SELL", "1", "130", "80"), Account(count=2)),
    (policy(position={"BTCUSDT": 3}), order("BUY", "LIMIT", "1", "90"), Account(holds=D(1), buying=D(1))),
    (policy(position={"BTCUSDT": 3}), oco("BUY", "3", "130", "80"), Account()),
    (policy(position={"BTCUSDT": 0}), order("SELL", "LIMIT", "9", "110"), Account(holds=D(9))),
    (policy(position={"ETHUSDT": 0}), order("SELL", "LIMIT", "9", "110"), Account(holds=D(9))),
    (policy(loss_per_day={"USDT": 50}), order("BUY", "LIMIT", "1", "90"), Account(lost=D("49.99"))),
    (policy(loss_per_day={"USDT": 50}), order("SELL", "MARKET", "1"), Account(lost=D(99), holds=D(1))),
    (policy(loss_per_day={"USDT": 50}), oco("SELL", "1", "130", "80"), Account(lost=D(99), holds=D(1))),
    (
        policy(loss_per_day={"USDT": 50}),
        replacement("SELL", "LIMIT", "1", "110"),
        Account(lost=D(99), holds=D(1), selling=D(1)),
    ),
    (BANDED, order("BUY", "LIMIT", "1", "102.01"), Account()),
    (BANDED, order("BUY", "LIMIT", "1", "1"), Account()),
    (BANDED, order("SELL", "LIMIT", "1", "99"), Account()),
    (BANDED, order("SELL", "LIMIT", "1", "900"), Account()),
    (BANDED, order("SELL", "STOP_LOSS", "1", stop_price="50"), Account(book=None)),
    (BANDED, order("SELL", "STOP_LOSS_LIMIT", "1", "79.2", stop_price="80"), Account(book=None)),
    (BANDED, oco("SELL", "1", "130", "80"), Account()),
    (BANDED, otoco("1", "50", "70", "45"), Account()),
    (policy(), order("SELL", "MARKET"), Account(book=Top(D(100), D(101), NOON_MS - 5_000))),
    (policy(), order("BUY", "MARKET", None, quote_order_qty="10"), Account(book=None)),
    (policy(), order("SELL", "LIMIT", "1", "90"), Account(book=None)),
]


@pytest.mark.parametrize(("given", "request_", "account"), PASSES)
def test_up_to_its_edge_it_passes(given: Policy, request_: Request[Any], account: Account) -> None:
    assert admit(given, request_, account) > 0


# Ways out

CLOSED = policy(
    notional_per_order={"USDT": 0},
    notional_per_minute={"USDT": 0},
    notional_per_day={"EUR": 0},
    open_orders=0,
    loss_per_day={"USDT": 0},
    price_band="0.01",
    order_types=["MARKET", "LIMIT", "STOP_LOSS", "LIMIT_MAKER"],
)


def test_no_cap_holds_back_a_way_out_but_it_counts() -> None:
    """A bracket's exit must not be caught in the caps that its entry used up."""
    account = Account(count=9, lost=D(99), holds=D(2), selling=D(1))
    assert admit(CLOSED, order("SELL", "MARKET", "1"), account, reduces=True) == D(101)
    assert admit(CLOSED, oco("SELL", "1", "130", "80"), account, reduces=True) == D(130)
    assert admit(CLOSED, replacement("SELL", "LIMIT", "2", "100"), account, reduces=True) == D(200)


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (
            order("BUY", "LIMIT", "1", "90"),
            "reduces: asked BUY LIMIT BTCUSDT, limit only what sells BTCUSDT that is held",
        ),
        (
            order("SELL", "LIMIT", "1.1", "110"),
            "reduces: asked SELL 1.1, limit 1 of BTCUSDT held and not on sale",
        ),
        (
            order("SELL", "MARKET", None, quote_order_qty="99.01"),
            "reduces: asked SELL 1.00010101010101010101010101010101010101010101010101010101011, "
            "limit 1 of BTCUSDT held and not on sale",
        ),
        (
            oto(("SELL", "1", "110"), ("BUY", "1", "90")),
            "reduces: asked SELL LIMIT BTCUSDT and BUY LIMIT BTCUSDT, "
            "limit only what sells BTCUSDT that is held",
        ),
        (
            order("SELL", "LIMIT", "1", "98"),
            "price_band: asked SELL at 98, limit at least 99 (0.01 from 100)",
        ),
        (
            order("SELL", "TAKE_PROFIT", "1", stop_price="110"),
            "order_types: asked TAKE_PROFIT, limit LIMIT, LIMIT_MAKER, MARKET, STOP_LOSS",
        ),
        (order("SELL", "LIMIT", "1", "110", symbol="ETHUSDT"), "symbols: asked ETHUSDT, limit BTCUSDT"),
    ],
)
def test_a_way_out_has_to_be_one(request_: Request[Any], text: str) -> None:
    assert words(CLOSED, request_, Account(holds=D(2), selling=D(1)), reduces=True) == text


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


# What cannot be judged

MALFORMED: list[tuple[Request[Any], str]] = [
    (GetOrder(symbol="BTCUSDT"), "GetOrder places nothing: there is nothing to admit"),
    (
        TestOrder(symbol="BTCUSDT", side=Side.BUY, type=OrderType.MARKET, quantity=D(1)),
        "TestOrder places nothing: there is nothing to admit",
    ),
    (order("BUY", "MARKET", None), "quantity: MARKET on BTCUSDT says no quantity"),
    (order("BUY", "MARKET", "-1"), "quantity: Decimal('-1') cannot be the number of an order"),
    (order("BUY", "LIMIT", "1", "0"), "price: Decimal('0') cannot be the number of an order"),
    (order("BUY", "LIMIT", "1", "1E+41"), "price: Decimal('1E+41') cannot be the number of an order"),
    (order("BUY", "LIMIT", "1E-99", "1"), "quantity: Decimal('1E-99') cannot be the number of an order"),
    (order("BUY", "LIMIT", "NaN", "1"), "quantity: Decimal('NaN') is not a finite number"),
    (
        order("BUY", "LIMIT", 0.1, "1"),
        'quantity: float 0.1 is not exact money; pass a Decimal, an int or a string such as "0.001"',
    ),
    (order("BOTH", "LIMIT", "1", "1"), "side: 'BOTH' is neither BUY nor SELL"),
    (oco("SELL", "1", "-130", "80"), "above_price: Decimal('-130') cannot be the number of an order"),
    (
        order("BUY", "STOP_LOSS", "1", trailing_delta=-5),
        "trailing_delta: -5 cannot be the number of an order",
    ),
]


@pytest.mark.parametrize(("request_", "text"), MALFORMED, ids=[each[1][:40] for each in MALFORMED])
def test_what_cannot_be_counted_is_misuse(request_: Request[Any], text: str) -> None:
    with pytest.raises(Misuse) as refused:
        admit(policy(), request_)
    assert str(refused.value) == text


def test_money_as_text_is_exact_too() -> None:
    request = msgspec.structs.replace(HUNDRED, quantity="2")
    assert admit(policy(), request) == D(200)
