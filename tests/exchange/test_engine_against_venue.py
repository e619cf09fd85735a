"""The engine and a naive venue live the same life of stops, icebergs, self-trade prevention and lists."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from surefoot.exchange.core.commands import Cancel, Canceled, OrderSnapshot, Place, Placed, Refusal
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.ledger import FEES
from surefoot.exchange.core.list_commands import ListPlaced, PlaceList
from surefoot.exchange.core.listing import SCALE, Listing, listing_from_exchange_info
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, TimeInForce
from surefoot.world import SeededEntropy
from tests.oracles.naive_venue import NaiveList, NaiveOrder, NaiveVenue, Plan, Refused

TICK, STEP = Decimal("0.01"), Decimal("0.001")
RATES = {"ann": ("0.001", "0.0017"), "ben": ("0", "0.0004")}
NOW_US = 1_767_268_800_000_000
LAST = 100

PEOPLE = st.sampled_from(sorted(RATES))
SIDES = st.sampled_from(["BUY", "SELL"])
TICKS = st.integers(92, 108)
STEPS = st.one_of(st.integers(1, 5), st.integers(1, 60))
MODES = st.sampled_from([str(mode) for mode in SelfTradePreventionMode])
WAITING = st.sampled_from(["STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"])


def ints(value: Decimal | None) -> int | None:
    return None if value is None else int(value * SCALE)


def listing() -> Listing:
    return listing_from_exchange_info(
        {
            "symbol": "BASEQUOTE",
            "status": "TRADING",
            "baseAsset": "BASE",
            "quoteAsset": "QUOTE",
            "orderTypes": list(OrderType),
            "icebergAllowed": True,
            "ocoAllowed": True,
            "otoAllowed": True,
            "allowedSelfTradePreventionModes": list(SelfTradePreventionMode),
            "defaultSelfTradePreventionMode": "NONE",
            "filters": [
                {"filterType": "PRICE_FILTER", "minPrice": "0", "maxPrice": "0", "tickSize": str(TICK)},
                {"filterType": "LOT_SIZE", "minQty": str(STEP), "maxQty": "99999", "stepSize": str(STEP)},
            ],
        }
    )


def asked(plan: Plan) -> Place:
    lives = plan.type in {"LIMIT", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"}
    return Place(
        account=plan.account,
        symbol="BASEQUOTE",
        side=Side(plan.side),
        type=OrderType(plan.type),
        time_in_force=TimeInForce(plan.life) if lives else None,
        quantity=ints(plan.quantity),
        price=ints(plan.price),
        stop_price=ints(plan.stop),
        iceberg_qty=ints(plan.iceberg),
        prevention=SelfTradePreventionMode(plan.mode),
    )


@st.composite
def limits(draw: st.DrawFn, kinds: tuple[str, ...] = ("LIMIT", "LIMIT_MAKER")) -> Plan:
    kind, steps = draw(st.sampled_from(kinds)), draw(STEPS)
    life = draw(st.sampled_from(["GTC", "GTC", "IOC", "FOK"])) if kind == "LIMIT" else "GTC"
    part = draw(st.integers(1, steps)) if life == "GTC" and draw(st.booleans()) else None
    return Plan(
        draw(PEOPLE),
        draw(SIDES),
        kind,
        steps * STEP,
        price=draw(TICKS) * TICK,
        life=life,
        iceberg=None if part is None else part * STEP,
        mode=draw(MODES),
    )


@st.composite
def waiting(draw: st.DrawFn, kinds: st.SearchStrategy[str] = WAITING) -> Plan:
    kind = draw(kinds)
    price = draw(TICKS) * TICK if kind.endswith("LIMIT") else None
    stop = draw(TICKS) * TICK
    mode = draw(MODES)
    return Plan(draw(PEOPLE), draw(SIDES), kind, draw(STEPS) * STEP, price=price, stop=stop, mode=mode)


@st.composite
def pairs(draw: st.DrawFn) -> list[Plan]:
    """A stop-loss leg and a profit leg of one side, quantity and owner."""
    stop = draw(waiting(st.sampled_from(["STOP_LOSS", "STOP_LOSS_LIMIT"])))
    if draw(st.booleans()):
        profit = draw(limits(("LIMIT_MAKER",)))
        profit.iceberg = None
    else:
        profit = draw(waiting(st.sampled_from(["TAKE_PROFIT", "TAKE_PROFIT_LIMIT"])))
    for leg in (stop, profit):
        leg.account, leg.side, leg.quantity, leg.mode = stop.account, stop.side, stop.quantity, stop.mode
    return [stop, profit]


class Lives(RuleBasedStateMachine):
    @initialize(wealth=st.sampled_from([1, 5, 1_000]))
    def furnish(self, wealth: int) -> None:
        self.now_us = NOW_US
        self.engine = Engine(
            [listing()],
            entropy=SeededEntropy(3),
            now_us=NOW_US,
            last_prices={"BASEQUOTE": int(LAST * TICK * SCALE)},
        )
        total = {"BASE": Decimal(wealth) / 20, "QUOTE": Decimal(wealth) / 20}
        for name, rates in RATES.items():
            maker, taker = (int(Decimal(rate) * SCALE) for rate in rates)
            balances = {asset: int(amount * SCALE) for asset, amount in total.items()}
            self.engine.open_account(name, balances, maker_rate=maker, taker_rate=taker)
        decimal = {name: (Decimal(maker), Decimal(taker)) for name, (maker, taker) in RATES.items()}
        self.naive = NaiveVenue(decimal, {name: dict(total) for name in RATES}, LAST * TICK)
        self.known: list[tuple[int, NaiveOrder]] = []
        for number in range(6):
            for side, ticks in (("BUY", LAST - 1 - number // 2), ("SELL", LAST + 1 + number // 2)):
                owner = ("ann", "ben")[number % 2]
                self.order(Plan(owner, side, "LIMIT", (number + 1) * STEP, price=ticks * TICK))

    @rule(plan=st.one_of(limits(), limits(), waiting()))
    def order(self, plan: Plan) -> None:
        made = self._both(lambda: self.naive.place(plan), self.engine.place(self._tick(), asked(plan)))
        if made is not None:
            answer, order = made
            assert isinstance(answer, Placed)
            self.known.append((answer.order.order_id, order))

    @rule(who=PEOPLE, side=SIDES, steps=STEPS, mode=MODES)
    def market(self, who: str, side: str, steps: int, mode: str) -> None:
        self.order(Plan(who, side, "MARKET", steps * STEP, mode=mode))

    @rule(plans=pairs())
    def oco(self, plans: list[Plan]) -> None:
        self._list(lambda: self.naive.oco(plans), plans, None)

    @rule(working=limits(), pending=st.one_of(limits(), waiting()))
    def oto(self, working: Plan, pending: Plan) -> None:
        pending.account = working.account
        self._list(lambda: self.naive.oto(working, [pending]), [pending], working)

    @rule(working=limits(), pending=pairs())
    def otoco(self, working: Plan, pending: list[Plan]) -> None:
        for plan in pending:
            plan.account = working.account
        self._list(lambda: self.naive.oto(working, pending), pending, working)

    @precondition(lambda self: any(order.is_open for _, order in self.known))
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        mine = [(number, order) for number, order in self.known if order.is_open]
        number, order = data.draw(st.sampled_from(mine))
        cancel = Cancel(account=order.plan.account, symbol="BASEQUOTE", order_id=number)
        assert isinstance(self.engine.cancel(self._tick(), cancel), Canceled)
        self.naive.cancel(order)

    @invariant()
    def same_money(self) -> None:
        for name, totals in self.naive.total.items():
            held = {item.asset: item for item in self.engine.balances(name)}
            for asset, total in totals.items():
                locked = ints(self.naive.locked(name, asset))
                assert (held[asset].free, held[asset].locked) == (int(total * SCALE) - (locked or 0), locked)
                assert held[asset].free >= 0
        wallets = self.engine.ledger.wallets(FEES)
        assert {asset: wallets[asset].free for asset in self.naive.fees} == {
            asset: ints(amount) for asset, amount in self.naive.fees.items()
        }

    @invariant()
    def nothing_appears_or_vanishes(self) -> None:
        for asset, amount in self.engine.ledger.deposited.items():
            assert self.engine.ledger.total(asset) == amount

    @invariant()
    def same_book_and_same_orders(self) -> None:
        depth = self.engine.depth("BASEQUOTE", 5_000)
        for side, levels in (("BUY", depth.bids), ("SELL", depth.asks)):
            assert levels == tuple((ints(p), ints(q)) for p, q in self.naive.levels(side))
        for number, order in self.known:
            found = self.engine.order(order.plan.account, "BASEQUOTE", order_id=number)
            assert isinstance(found, OrderSnapshot)
            assert (found.status, found.executed_qty, found.cummulative_quote_qty) == (
                order.status,
                ints(order.executed),
                ints(order.quote),
            )
            assert found.particulars.prevented_qty == ints(order.prevented)

    @invariant()
    def the_same_lists_are_open(self) -> None:
        ours = sum(len(self.engine.lists.open_lists(name)) for name in RATES)
        theirs = {id(order.of): order.of for _, order in self.known if order.of}
        assert ours == sum(not made.done for made in theirs.values())
        self.engine.outbox.clear()

    def _list(self, naive: Callable[[], NaiveList], pending: list[Plan], working: Plan | None) -> None:
        first = pending[0] if working is None else working
        command = PlaceList(
            account=first.account,
            symbol="BASEQUOTE",
            pending=tuple(asked(plan) for plan in pending),
            working=None if working is None else asked(working),
        )
        made = self._both(naive, self.engine.place_list(self._tick(), command))
        if made is not None:
            answer, theirs = made
            assert isinstance(answer, ListPlaced)
            numbers = [leg.order_id for leg in answer.order_list.legs]
            self.known += zip(numbers, theirs.legs, strict=True)

    def _both(self, naive: Callable[[], Any], answer: Any) -> tuple[Any, Any] | None:
        """Both accept, or both refuse in the same words."""
        try:
            made, words = naive(), None
        except Refused as refused:
            made, words = None, str(refused)
        assert (answer.message if isinstance(answer, Refusal) else None) == words
        return None if made is None else (answer, made)

    def _tick(self) -> int:
        self.now_us += 1_000
        return self.now_us


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=80, stateful_step_count=40)
