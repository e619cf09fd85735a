"""The engine and its naive oracle live the same life: same answers, books and money after every step."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from surefoot.exchange.core.commands import (
    BalanceChange,
    Cancel,
    Canceled,
    DepthChange,
    Fill,
    Place,
    Placed,
    Refusal,
    Report,
)
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.ledger import FEES
from surefoot.exchange.core.listing import SCALE, listing_from_exchange_info
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.world import SeededEntropy
from tests.oracles.naive_book import NaiveOrder
from tests.oracles.naive_ledger import NaiveExchange

GRIDS = (("0.01", "0.001"), ("0.000001", "0.00013"), ("0.00000001", "0.1"), ("1", "0.00000001"))
RATES = {"ann": ("0.001", "0.0017"), "ben": ("0", "0.0004")}
SIDES = st.sampled_from([Side.BUY, Side.SELL])
PEOPLE = st.sampled_from(sorted(RATES))
TICKS = st.one_of(st.integers(99, 101), st.integers(90, 110))
STEPS = st.one_of(st.integers(1, 5), st.integers(1, 400))


def ints(value: Decimal) -> int:
    scaled = value * SCALE
    assert scaled == int(scaled)
    return int(scaled)


class Lives(RuleBasedStateMachine):
    @initialize(
        grid=st.sampled_from(GRIDS),
        wealth=st.sampled_from([100, 3_000, 10**6]),
        asks=st.lists(st.tuples(st.integers(101, 105), st.integers(1, 9)), min_size=3, max_size=8),
        bids=st.lists(st.tuples(st.integers(96, 99), st.integers(1, 9)), min_size=3, max_size=8),
    )
    def furnish(
        self, grid: tuple[str, str], wealth: int, asks: list[tuple[int, int]], bids: list[tuple[int, int]]
    ) -> None:
        self.begin(grid, wealth)
        for number, (ticks, steps) in enumerate(asks):
            self.limit(("ann", "ben")[number % 2], Side.SELL, ticks, steps, TimeInForce.GTC)
        for number, (ticks, steps) in enumerate(bids):
            self.limit(("ben", "ann")[number % 2], Side.BUY, ticks, steps, TimeInForce.GTC)

    def begin(self, grid: tuple[str, str], wealth: int) -> None:
        self.tick, self.step = Decimal(grid[0]), Decimal(grid[1])
        listing = listing_from_exchange_info(
            {
                "symbol": "BASEQUOTE",
                "status": "TRADING",
                "baseAsset": "BASE",
                "quoteAsset": "QUOTE",
                "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
                "quoteOrderQtyMarketAllowed": True,
                "filters": [
                    {"filterType": "PRICE_FILTER", "minPrice": "0", "maxPrice": "0", "tickSize": grid[0]},
                    {
                        "filterType": "LOT_SIZE",
                        "minQty": grid[1],
                        "maxQty": "9999999999",
                        "stepSize": grid[1],
                    },
                ],
            }
        )
        self.engine = Engine(
            [listing], entropy=SeededEntropy(1), now_us=0, last_prices={"BASEQUOTE": ints(self.tick * 100)}
        )
        rates = {name: (Decimal(maker), Decimal(taker)) for name, (maker, taker) in RATES.items()}
        self.naive = NaiveExchange(self.step, rates)
        base = self.step * wealth
        quote = (self.step * self.tick * wealth * 100).quantize(Decimal("0.00000001")) + Decimal("0.0000001")
        for name, (maker, taker) in rates.items():
            balances = {"BASE": ints(base), "QUOTE": ints(quote)}
            self.engine.open_account(name, balances, maker_rate=ints(maker), taker_rate=ints(taker))
            self.naive.total[name] = {"BASE": base, "QUOTE": quote}
        self.deposited = {"BASE": 2 * ints(base), "QUOTE": 2 * ints(quote)}
        self.now_us = 1_700_000_000_000_000
        self.orders: dict[int, NaiveOrder] = {}
        self.shown: dict[str, dict[int, int]] = {"bids": {}, "asks": {}}
        self.update_id: int | None = None

    @rule(who=PEOPLE, side=SIDES, ticks=TICKS, steps=STEPS, life=st.sampled_from(list(TimeInForce)))
    def limit(self, who: str, side: Side, ticks: int, steps: int, life: TimeInForce) -> None:
        self._place(
            who, side, OrderType.LIMIT, price=ticks * self.tick, quantity=steps * self.step, life=life
        )

    @rule(who=PEOPLE, side=SIDES, ticks=TICKS, steps=STEPS)
    def limit_maker(self, who: str, side: Side, ticks: int, steps: int) -> None:
        self._place(
            who, side, OrderType.LIMIT_MAKER, price=ticks * self.tick, quantity=steps * self.step, life=None
        )

    @rule(who=PEOPLE, side=SIDES, steps=STEPS)
    def market(self, who: str, side: Side, steps: int) -> None:
        self._place(who, side, OrderType.MARKET, price=None, quantity=steps * self.step, life=None)

    @rule(who=PEOPLE, side=SIDES, steps=STEPS, cents=st.integers(0, 99))
    def market_by_quote(self, who: str, side: Side, steps: int, cents: int) -> None:
        budget = (self.step * self.tick * (100 * steps + cents)).quantize(Decimal("0.00000001"))
        if budget <= 0:
            return
        answer = self._send(who, side, OrderType.MARKET, quote_order_qty=ints(budget))
        if not self.naive.book.queue("SELL" if side is Side.BUY else "BUY"):
            assert answer == Refusal(-2010, "Order book liquidity is less than symbol minimum quantity.")
            return
        quantity, starved = self.naive.sized(side, budget)
        order = NaiveOrder(0, who, side, None, quantity)
        if not quantity:
            text = "Order book liquidity is less than `LOT_SIZE` filter minimum quantity."
            lot = Refusal(-1013, "Filter failure: LOT_SIZE")
            assert answer == (Refusal(-2010, text) if starved else lot)
        elif not self.naive.affords(order, budget):
            assert answer == Refusal(-2010, "Account has insufficient balance for requested action.")
        else:
            self._agree(order, self.naive.execute(order, "GTC", starved=starved), answer)

    @precondition(lambda self: self.naive.book.resting)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(self.naive.book.resting))
        answer = self.engine.cancel(
            self.now_us, Cancel(account=order.account, symbol="BASEQUOTE", order_id=order.id)
        )
        assert isinstance(answer, Canceled)
        assert answer.order.executed_qty == ints(order.executed)
        self.naive.book.resting.remove(order)
        order.status = "CANCELED"

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), who=PEOPLE)
    def cancel_in_vain(self, data: st.DataObject, who: str) -> None:
        order = data.draw(st.sampled_from(list(self.orders.values())))
        if order in self.naive.book.resting and order.account == who:
            return
        answer = self.engine.cancel(self.now_us, Cancel(account=who, symbol="BASEQUOTE", order_id=order.id))
        assert answer == Refusal(-2011, "Unknown order sent.")

    @invariant()
    def same_money(self) -> None:
        for name, totals in self.naive.total.items():
            held = {item.asset: item for item in self.engine.balances(name)}
            for asset, total in totals.items():
                locked = ints(self.naive.locked(name, asset))
                assert (held[asset].free, held[asset].locked) == (ints(total) - locked, locked)
                assert held[asset].free >= 0
        wallets = self.engine.ledger.wallets(FEES)
        assert {asset: wallets[asset].free for asset in self.naive.fees} == {
            asset: ints(amount) for asset, amount in self.naive.fees.items()
        }

    @invariant()
    def nothing_appears_or_vanishes(self) -> None:
        for asset, amount in self.deposited.items():
            assert self.engine.ledger.total(asset) == self.engine.ledger.deposited[asset] == amount

    @invariant()
    def same_book_and_same_orders(self) -> None:
        depth = self.engine.depth("BASEQUOTE", 5_000)
        for side, levels in (("BUY", depth.bids), ("SELL", depth.asks)):
            assert levels == tuple((ints(p), ints(q)) for p, q in self.naive.book.levels(side))
        for order_id, order in self.orders.items():
            found = self.engine.order(order.account, "BASEQUOTE", order_id=order_id)
            assert (found.status, found.executed_qty, found.cummulative_quote_qty) == (
                order.status,
                ints(order.executed),
                ints(order.quote),
            )

    @invariant()
    def what_was_said_is_what_is(self) -> None:
        """Depth changes without a gap fold to the book, the last balances said are the balances."""
        said: dict[str, BalanceChange] = {}
        for effect in self.engine.outbox:
            if isinstance(effect, DepthChange):
                assert self.update_id in {None, effect.first_id - 1}
                self.update_id = effect.last_id
                self.shown["bids"] |= dict(effect.bids)
                self.shown["asks"] |= dict(effect.asks)
            elif isinstance(effect, BalanceChange):
                said[effect.account] = effect
        self.engine.outbox.clear()
        depth = self.engine.depth("BASEQUOTE", 5_000)
        for name, levels in (("bids", depth.bids), ("asks", depth.asks)):
            assert {p: q for p, q in self.shown[name].items() if q} == dict(levels)
        for name, change in said.items():
            assert set(change.balances) == set(self.engine.balances(name))

    def _place(
        self,
        who: str,
        side: Side,
        kind: OrderType,
        *,
        price: Decimal | None,
        quantity: Decimal,
        life: TimeInForce | None,
    ) -> None:
        answer = self._send(
            who, side, kind, price=None if price is None else ints(price), quantity=ints(quantity), life=life
        )
        order = NaiveOrder(0, who, side, price, quantity)
        if price is not None and price * quantity < Decimal("0.00000001"):
            assert answer == Refusal(-1013, "Price * QTY is zero or less.")
        elif kind is OrderType.LIMIT_MAKER and self.naive.book.facing(order):
            assert answer == Refusal(-2010, "Order would immediately match and take.")
        elif not self.naive.affords(order):
            assert answer == Refusal(-2010, "Account has insufficient balance for requested action.")
        else:
            self._agree(order, None, answer, life or "GTC")

    def _agree(self, order: NaiveOrder, status: str | None, answer: Placed | Refusal, life: str = "") -> None:
        assert isinstance(answer, Placed), answer
        order.id = answer.order.order_id
        status = status or self.naive.execute(order, life)
        assert answer.order.status == status
        assert sum(fill.qty for fill in answer.fills) == ints(order.executed)
        reports = [effect for effect in self.engine.outbox if isinstance(effect, Report)]
        mine = [report for report in reports if report.order.order_id == order.id]
        assert mine[0].execution_type == "NEW"
        assert mine[-1].order == answer.order
        assert sum(report.last_qty for report in mine) == answer.order.executed_qty
        self.orders[order.id] = order

    def _send(
        self,
        who: str,
        side: Side,
        kind: OrderType,
        *,
        price: int | None = None,
        quantity: int | None = None,
        quote_order_qty: int | None = None,
        life: TimeInForce | None = None,
    ) -> Placed | Refusal:
        self.now_us += 1_000
        return self.engine.place(
            self.now_us,
            Place(
                account=who,
                symbol="BASEQUOTE",
                side=side,
                type=kind,
                price=price,
                quantity=quantity,
                quote_order_qty=quote_order_qty,
                time_in_force=life,
            ),
        )


def test_fills_of_both_sides_are_the_account_trades() -> None:
    """myTrades holds exactly what the reports said."""
    lives = Lives()
    lives.begin(GRIDS[0], 10**9)
    lives.limit("ann", Side.SELL, 100, 50, TimeInForce.GTC)
    lives.limit("ben", Side.BUY, 101, 20, TimeInForce.GTC)
    reports = [effect for effect in lives.engine.outbox if isinstance(effect, Report) and effect.trade_id > 0]
    for name in RATES:
        trades = lives.engine.trades(name, "BASEQUOTE")
        said = [report for report in reports if report.account == name]
        assert [trade.trade_id for trade in trades] == [report.trade_id for report in said]
        assert [trade.commission for trade in trades] == [report.commission for report in said]
        assert all(isinstance(trade, Fill) and trade.qty == 20 * ints(lives.step) for trade in trades)


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=200, stateful_step_count=50)
