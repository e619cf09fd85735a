"""Random filters, random orders, and a judge of fractions beside ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Clamped, Context, Decimal, Inexact, Rounded, localcontext
from fractions import Fraction

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.rules.check import Checked, Snapshot, Violation, judge
from surefoot.rules.symbols import symbol_rules
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.general import SymbolInfo
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET
from tests.rules.made import info_of
from tests.rules.naive_filters import Complaint, complaints, grid, least_values

NUMBERS = ("price", "quantity", "quote_order_qty")


def decimals(low: int, high: int, places: int) -> st.SearchStrategy[Decimal]:
    """Decimals of at most so many places; trailing zeros and all."""
    return st.builds(
        lambda whole, shift: Decimal(whole).scaleb(-shift, Context(prec=60)),
        st.integers(low, high),
        st.integers(0, places),
    )


def texts(low: int, high: int, places: int) -> st.SearchStrategy[str]:
    return decimals(low, high, places).map("{:f}".format)


OFF = st.just("0.00000000")
STEPS = OFF | st.sampled_from(["0.01", "0.05", "0.1", "1", "3", "0.006", "0.02", "10"]) | texts(1, 60, 6)
LOWS = OFF | texts(1, 90_000, 5)
HIGHS = OFF | texts(10_000, 900_000_000, 4) | LOWS
DOWNS = st.sampled_from(["0.2", "0.8", "0.97", "1"])
UPS = st.sampled_from(["1", "1.03", "1.25", "5", "0.97"])
MINUTES = st.sampled_from([0, 5])
PRICE_FILTERS = st.fixed_dictionaries(
    {"filterType": st.just("PRICE_FILTER"), "minPrice": LOWS, "maxPrice": HIGHS, "tickSize": STEPS}
)
LOTS = {"minQty": LOWS, "maxQty": HIGHS, "stepSize": STEPS}
LOT_SIZES = st.fixed_dictionaries({"filterType": st.just("LOT_SIZE"), **LOTS})
MARKET_LOT_SIZES = st.fixed_dictionaries({"filterType": st.just("MARKET_LOT_SIZE"), **LOTS})
NOTIONALS = st.fixed_dictionaries(
    {
        "filterType": st.just("NOTIONAL"),
        "minNotional": LOWS,
        "maxNotional": OFF | texts(10_000, 9_000_000, 3),
        "applyMinToMarket": st.booleans(),
        "applyMaxToMarket": st.booleans(),
        "avgPriceMins": MINUTES,
    }
) | st.fixed_dictionaries(
    {
        "filterType": st.just("MIN_NOTIONAL"),
        "minNotional": LOWS,
        "applyToMarket": st.booleans(),
        "avgPriceMins": MINUTES,
    }
)
PERCENTS = st.fixed_dictionaries(
    {
        "filterType": st.just("PERCENT_PRICE_BY_SIDE"),
        "bidMultiplierUp": UPS,
        "bidMultiplierDown": DOWNS,
        "askMultiplierUp": UPS,
        "askMultiplierDown": DOWNS,
        "avgPriceMins": MINUTES,
    }
) | st.fixed_dictionaries(
    {
        "filterType": st.just("PERCENT_PRICE"),
        "multiplierUp": UPS,
        "multiplierDown": DOWNS,
        "avgPriceMins": MINUTES,
    }
)


@st.composite
def infos(draw: st.DrawFn) -> SymbolInfo:
    kinds = (PRICE_FILTERS, LOT_SIZES, MARKET_LOT_SIZES, NOTIONALS, PERCENTS)
    filters = [draw(kind) for kind in kinds if draw(st.integers(0, 5))]
    places = st.integers(2, 8)
    return info_of(*filters, baseAssetPrecision=draw(places), quoteAssetPrecision=draw(places))


VALUES = decimals(1, 200_000, 5) | decimals(-5, 10**9, 9) | decimals(1, 10**40, 20)
NEAR = st.sampled_from(["-0.00001", "0", "0.00001", "0.004", "-0.004"]).map(Decimal)


@st.composite
def numbers(draw: st.DrawFn, info: SymbolInfo, *fields: str) -> Decimal:
    """Any value, or one on or beside a bound of the filters."""
    bounds = [getattr(rule, field) for rule in info.filters for field in fields]
    known = [each for each in bounds if each is not UNSET and each]
    if known and draw(st.booleans()):
        return draw(st.sampled_from(known)) + draw(NEAR)
    return draw(VALUES)


@st.composite
def orders(draw: st.DrawFn, info: SymbolInfo) -> NewOrder:
    side = draw(st.sampled_from([Side.BUY, Side.SELL]))
    type = draw(st.sampled_from([OrderType.LIMIT, OrderType.LIMIT, OrderType.LIMIT_MAKER, OrderType.MARKET]))
    order = NewOrder(symbol=info.symbol, side=side, type=type)
    if type is OrderType.MARKET and draw(st.booleans()):
        amount = draw(numbers(info, "min_notional", "max_notional"))
        return msgspec.structs.replace(order, quote_order_qty=amount)
    order = msgspec.structs.replace(order, quantity=draw(numbers(info, "min_qty", "max_qty", "step_size")))
    if type is OrderType.MARKET:
        return order
    price = draw(numbers(info, "min_price", "max_price", "tick_size"))
    life = TimeInForce.GTC if type is OrderType.LIMIT else UNSET
    return msgspec.structs.replace(order, price=price, time_in_force=life)


@st.composite
def market_prices(draw: st.DrawFn, order: NewOrder) -> Snapshot:
    """Snapshot anywhere, or around the order's own."""
    anywhere = st.none() | decimals(1, 10**7, 5)
    if order.price is not UNSET and order.price > 0:
        factors = st.sampled_from(["0.7", "0.99", "1", "1.1", "1.3"]).map(Decimal)
        with localcontext(prec=200):
            anywhere |= st.just(order.price * draw(factors))
    return Snapshot(last=draw(anywhere), average=draw(anywhere), reference=draw(anywhere))


@st.composite
def cases(draw: st.DrawFn) -> tuple[SymbolInfo, NewOrder, Snapshot]:
    info = draw(infos())
    order = draw(orders(info))
    return info, order, draw(market_prices(order))


def rounded(info: SymbolInfo, order: NewOrder) -> NewOrder:
    """What RULES-3 makes of the numbers, in fractions: on the grid, on the side that adds no risk."""
    used = {}
    for field in NUMBERS:
        given = getattr(order, field)
        if given is not UNSET:
            step = grid(info, field, market=order.type == "MARKET")
            count = Fraction(given) / step
            up = field == "price" and order.side == "SELL"
            used[field] = _decimal((-(-count // 1) if up else count // 1) * step)
    return msgspec.structs.replace(order, **used)


def _decimal(value: Fraction) -> Decimal:
    exact = Context(prec=200, traps=[Inexact])
    return exact.divide(Decimal(value.numerator), Decimal(value.denominator))


def of_fields(found: set[Complaint], field: str) -> set[Complaint]:
    return {each for each in found if each[1] == field}


@given(cases())
@settings(max_examples=400)
def test_what_passes_is_legal_and_what_is_refused_is_not(case: tuple[SymbolInfo, NewOrder, Snapshot]) -> None:
    """RULES-2, RULES-3: rounded values decide, and the judge of fractions agrees on every one."""
    info, order, prices = case
    verdict = judge(order, symbol_rules(info), prices)
    expected = rounded(info, order)
    found = complaints(info, expected, prices) | {
        each for each in complaints(info, order, prices) if each[0] == "POSITIVE"
    }
    if isinstance(verdict, Checked):
        assert found == set()
        assert verdict.order == expected
    else:
        nothing = ("POSITIVE", verdict.field)  # rounded to nothing: the filter with the step is blamed
        assert (verdict.filter, verdict.field) in found or nothing in found


@given(cases())
@settings(max_examples=300)
def test_no_correction_adds_risk(case: tuple[SymbolInfo, NewOrder, Snapshot]) -> None:
    """RULES-3: quantity and amount never larger, a BUY price never higher, a SELL price never lower."""
    info, order, prices = case
    verdict = judge(order, symbol_rules(info), prices)
    if isinstance(verdict, Violation):
        return
    changed = {change.field: (change.given, change.used) for change in verdict.changes}
    for field in NUMBERS:
        before, after = getattr(order, field), getattr(verdict.order, field)
        if before is UNSET:
            assert after is UNSET
            continue
        assert after >= before if (field, order.side) == ("price", Side.SELL) else after <= before
        assert (field in changed) is (before != after)
        assert changed.get(field, (before, after)) == (before, after)


@given(cases())
@settings(max_examples=300)
def test_a_legal_order_comes_back_as_it_is(case: tuple[SymbolInfo, NewOrder, Snapshot]) -> None:
    """RULES-3: judging again changes nothing, and without rounding only legal numbers pass."""
    info, order, prices = case
    rules = symbol_rules(info)
    first, strict = judge(order, rules, prices), judge(order, rules, prices, rounding=False)
    assert isinstance(strict, Checked) is (complaints(info, order, prices) == set())
    if isinstance(strict, Checked):
        assert strict.order is order
        assert strict.changes == ()
        assert first == strict
    if isinstance(first, Checked):
        again = judge(first.order, rules, prices, rounding=False)
        assert isinstance(again, Checked)
        assert again.order is first.order


@given(cases(), st.booleans())
@settings(max_examples=400)
def test_the_nearest_legal_value_is_legal_and_nearest(
    case: tuple[SymbolInfo, NewOrder, Snapshot], rounding: bool
) -> None:
    """RULES-3: what a refusal shows passes everything about that field, and nothing closer does."""
    info, order, prices = case
    verdict = judge(order, symbol_rules(info), prices, rounding=rounding)
    if isinstance(verdict, Checked):
        return
    field, asked, nearest = verdict.field, getattr(order, verdict.field), verdict.nearest
    with localcontext(prec=200):
        others = rounded(info, order) if rounding else order

        def legal(value: Decimal) -> bool:
            trial = msgspec.structs.replace(others, **{field: value})
            return not of_fields(complaints(info, trial, prices), field)

        if nearest is None:
            assert not any(legal(_decimal(each)) for each in least_values(info, others, prices, field))
            return
        assert legal(nearest)
        step = _decimal(grid(info, field, market=order.type == "MARKET"))
        closer = nearest + step if asked > nearest else nearest - step
        assert abs(closer - asked) >= abs(nearest - asked) or not legal(closer)
    riskier = nearest < asked if (field, order.side) == ("price", Side.SELL) else nearest > asked
    assert verdict.riskier is riskier


@contextmanager
def narrow() -> Iterator[None]:
    with localcontext(Context(prec=3, Emax=2, Emin=-2, traps=[Inexact, Rounded, Clamped])):
        yield


@given(cases())
@settings(max_examples=200)
def test_the_callers_decimal_context_changes_nothing(case: tuple[SymbolInfo, NewOrder, Snapshot]) -> None:
    """RULES-1: exact in every context, be it of three digits and traps for each rounding."""
    info, order, prices = case
    expected = judge(order, symbol_rules(info), prices)
    with narrow():
        assert judge(order, symbol_rules(info), prices) == expected
