"""Positions at average cost: numbers worked out by hand, and whatever hypothesis thinks up."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from surefoot.execution.fills import Fill
from surefoot.execution.positions import GRAIN, Position, after, folded
from surefoot.rules.quantise import EXACT, ZERO
from surefoot.spot.enums import Side
from tests.execution.deals import D, buy, deal_of, fills, sell
from tests.oracles.naive_average import average

EMPTY = Position(symbol="BTCUSDT", base="BTC", quote="USDT")


def position(*made: Fill) -> Position:
    return folded(EMPTY, made)


def near(one: Fraction | Decimal, other: Fraction | Decimal, steps: int) -> bool:
    """Equal but for a `GRAIN` in each of so many steps."""
    return abs(Fraction(one) - Fraction(other)) <= 2 * steps * Fraction(GRAIN)


def test_a_commission_in_the_base_asset_leaves_less_and_makes_it_dearer() -> None:
    now = position(buy("1", "50000", "0.001", "BTC"))
    assert (now.qty, now.cost) == (D("0.999"), D(50000))
    assert now.average_price == D("50050.05005005005005005005005")  # 50000 ÷ 0.999
    assert now.unrealised(D(50000)) == D(-50)
    assert now.commissions == {"BTC": D("0.001")}


def test_a_commission_in_the_quote_asset_is_part_of_cost_and_proceeds() -> None:
    now = position(buy("2", "100", "0.2"), sell("1", "110", "0.11"))
    assert (now.qty, now.cost, now.realised) == (D(1), D("100.1"), D("9.79"))  # 110 - 0.11 - 100.1
    assert (now.paid, now.received, now.commissions) == (D(200), D(110), {"USDT": D("0.31")})


def test_a_commission_in_bnb_is_kept_apart_and_valued_where_there_is_a_price() -> None:
    now = position(buy("1", "100", "0.01", "BNB"), sell("1", "110", "0.011", "BNB"))
    assert (now.qty, now.cost, now.realised) == (ZERO, ZERO, D(10))
    valued = now.pnl({"BNB": D(600)})
    assert (valued.realised, valued.unrealised, valued.commission) == (D(10), ZERO, D("12.6"))
    assert (valued.total, valued.unvalued) == (D("-2.6"), {})
    blind = now.pnl({})
    assert (blind.total, blind.commission, blind.unvalued) == (D(10), ZERO, {"BNB": D("0.021")})


def test_without_a_price_what_is_held_is_worth_nothing_known() -> None:
    held = position(buy("1", "100")).pnl({"BNB": D(600)})
    assert held.unrealised is None
    assert held.total is None


def test_coins_from_elsewhere_are_sold_apart_and_make_no_profit() -> None:
    now = position(buy("1", "100"), sell("3", "120", "0.36"))
    assert (now.qty, now.cost) == (ZERO, ZERO)
    assert now.realised == D("19.88")  # 120 - a third of the commission - 100
    assert (now.foreign_qty, now.foreign_proceeds) == (D(2), D("239.76"))


def test_what_was_sold_out_begins_anew_at_its_own_price() -> None:
    now = position(buy("1", "100"), sell("3", "120"), buy("2", "90"))
    assert (now.qty, now.average_price, now.realised) == (D(2), D(90), D(20))


def test_a_sale_that_pays_in_what_it_sells_takes_that_from_what_is_held() -> None:
    made = buy("2", "500", symbol="BNBUSDT"), sell("1", "600", "0.5", "BTC", symbol="BNBUSDT")
    now = position(*made)
    assert (now.qty, now.cost) == (D("0.5"), D(250))
    assert now.realised == D(-150)  # 600 for 1.5 coins that cost 750
    rest = after(now, sell("0.5", "600", "0.25", "BTC"))
    assert (rest.qty, rest.foreign_qty, rest.realised) == (ZERO, D("0.25"), D(-100))


def test_rebates() -> None:
    in_quote = position(buy("1", "100", "-0.01"), sell("1", "100", "-0.01"))
    assert (in_quote.realised, in_quote.commissions) == (D("0.02"), {"USDT": D("-0.02")})
    in_base = position(buy("1", "100", "-0.001", "BTC"))
    assert (in_base.qty, in_base.cost) == (D("1.001"), D(100))
    after_all = position(buy("1", "100"), sell("1", "110", "-0.001", "BTC"))
    assert (after_all.qty, after_all.cost, after_all.realised) == (D("0.001"), ZERO, D(10))
    bnb = position(buy("1", "100", "-0.01", "BNB"), sell("1", "100")).pnl({"BNB": D(600)})
    assert (bnb.commission, bnb.total) == (D(-6), D(6))


def test_a_purchase_whose_commission_took_everything_is_a_loss() -> None:
    now = position(buy("1", "100", "1", "BTC"))
    assert (now.qty, now.cost, now.realised, now.foreign_qty) == (ZERO, ZERO, D(-100), ZERO)


def test_the_default_context_touches_nothing() -> None:
    qty, price = "12345678901234567890.12345678", "1234567890.12345678"
    now = position(buy(qty, price))
    exact = int(qty.replace(".", "")) * int(price.replace(".", ""))  # of 1E-16
    assert now.cost == D(exact).scaleb(-16, EXACT)
    assert now.unrealised(D(0)) == D(f"-{exact}").scaleb(-16, EXACT)


@given(fills())
def test_the_naive_average_agrees(made: list[Fill]) -> None:
    now, naive = position(*made), average([deal_of(each) for each in made])
    assert Fraction(now.qty) == naive.coins
    assert Fraction(now.foreign_qty) == naive.strange_coins
    assert near(now.cost, naive.coins * naive.each, len(made))
    assert near(now.realised, naive.profit, len(made))
    assert near(now.foreign_proceeds, naive.strange_money, len(made))


@given(fills(), st.integers(1, 10**7))
def test_money_and_coins_are_conserved(made: list[Fill], price: int) -> None:
    now = position(*made)
    fee_base, fee_quote = (now.commissions.get(asset, ZERO) for asset in ("BTC", "USDT"))
    cash = Fraction(now.received) - Fraction(now.paid) - Fraction(fee_quote)
    assert cash == Fraction(now.realised) + Fraction(now.foreign_proceeds) - Fraction(now.cost)
    coins = Fraction(now.bought) - Fraction(now.sold) - Fraction(fee_base) + Fraction(now.foreign_qty)
    assert coins == Fraction(now.qty)
    assert now.qty >= 0
    assert now.cost >= 0
    assert now.qty or not now.cost
    worth = Fraction(now.realised) + Fraction(now.unrealised(D(price)))
    assert worth == cash - Fraction(now.foreign_proceeds) + price * Fraction(now.qty)


@given(
    fills(most=8), st.sampled_from(Side), st.lists(st.integers(1, 10**5), min_size=2, max_size=6), st.data()
)
def test_the_parts_of_an_execution_make_the_whole(
    before: list[Fill], side: Side, parts: list[int], data: st.DataObject
) -> None:
    had = position(*before)
    asset = data.draw(st.sampled_from(("BTC", "USDT", "XRP")))
    qtys = [D(each).scaleb(-5) for each in parts]
    whole = EXACT.multiply(sum(qtys, ZERO), D("1.001"))
    assume(side is Side.BUY or asset != "BTC" or whole <= had.qty)
    pieces = [
        Fill("BTCUSDT", 100 + n, 9, side, D("123.45"), qty, EXACT.multiply(qty, D("0.001")), asset, 0)
        for n, qty in enumerate(qtys)
    ]
    fees = EXACT.multiply(sum(qtys, ZERO), D("0.001"))
    one = replace(pieces[-1], qty=sum(qtys, ZERO), commission=fees)
    split, unsplit = folded(had, pieces), after(had, one)
    for name in ("qty", "bought", "sold", "paid", "received", "foreign_qty", "commissions"):
        assert getattr(split, name) == getattr(unsplit, name)
    for name in ("cost", "realised", "foreign_proceeds"):
        assert near(getattr(split, name), getattr(unsplit, name), len(pieces) + 1)
