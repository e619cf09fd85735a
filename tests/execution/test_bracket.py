"""The parts of a bracket: plans, ways, requests, sizes, the fold, what commission takes."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from surefoot.errors import Misuse
from surefoot.exchange.core.listing import default_exchange_info
from surefoot.execution import entries
from surefoot.execution.bracket import BRACKET_LIFE, OVER, Bracket, BracketState, Plan, Way, planned
from surefoot.execution.bracket_orders import (
    entry_key,
    entry_request,
    entry_roles,
    must_be_protectable,
    protectable,
    protection_request,
    sellable,
    too_small,
)
from surefoot.execution.brackets import MOST_OVER, Brackets, BracketsState, kept
from surefoot.execution.charges import largest_share
from surefoot.execution.fills import Fill
from surefoot.execution.intent import LimitOrder, MarketOrder
from surefoot.execution.journal import read, written
from surefoot.rules.check import check
from surefoot.rules.symbols import SymbolRules, symbol_rules
from surefoot.spot.account import Account, Balance, CommissionRates
from surefoot.spot.account_rates import Commission
from surefoot.spot.enums import OrderType, Side
from surefoot.spot.general import ExchangeInfo
from surefoot.spot.order_list_oto import NewOpoco, NewOtoco
from surefoot.spot.orders import Discount
from surefoot.spot.trade import NewOrder
from tests.execution.staged import BTC, bracket

D = Decimal
S = BracketState


def rules(*more: str) -> SymbolRules:
    info = msgspec.convert(default_exchange_info(), ExchangeInfo, strict=False)
    made = symbol_rules(next(one for one in info.symbols if one.symbol == BTC))
    return msgspec.structs.replace(made, capabilities=made.capabilities | set(more))


def plan(**changes: Any) -> Plan:
    return msgspec.structs.replace(planned(bracket(), rules(), D("0.001")), **changes)


def ids(of: Plan) -> dict[str, str]:
    return {role: f"id-{role}" for role in entry_roles(of)}


def test_the_table_names_every_state_and_ends() -> None:
    assert set(BRACKET_LIFE) == set(S)
    assert {state for state in S if not BRACKET_LIFE[state]} == OVER
    for state in set(S) - OVER:
        assert _reachable(state) & OVER


def _reachable(state: BracketState) -> set[BracketState]:
    found, fresh = {state}, {state}
    while fresh:
        fresh = {then for now in fresh for then in BRACKET_LIFE[now]} - found
        found |= fresh
    return found


@pytest.mark.parametrize(
    ("capabilities", "commission", "way"),
    [
        ((), D("0.001"), Way.FOLLOWED),
        ((), None, Way.FOLLOWED),
        ((), D(0), Way.OTOCO),
        (("opoAllowed",), D("0.001"), Way.OPOCO),
        (("opoAllowed",), D(0), Way.OPOCO),
        (("opoAllowed",), None, Way.OPOCO),
    ],
)
def test_the_way(capabilities: tuple[str, ...], commission: Decimal | None, way: Way) -> None:
    assert planned(bracket(), rules(*capabilities), commission).way is way


def test_what_trades_at_the_market_is_followed() -> None:
    entry = MarketOrder(BTC, Side.BUY, "0.01")
    assert planned(bracket(entry=entry), rules("opoAllowed"), D(0)).way is Way.FOLLOWED


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (bracket(entry=LimitOrder(BTC, Side.SELL, "0.01", "66000")), "only entries that BUY"),
        (bracket(entry=MarketOrder(BTC, Side.BUY)), "one of them, not both"),
        (bracket(entry=MarketOrder(BTC, Side.BUY, "1", "1")), "one of them, not both"),
        (bracket(profit="64000"), "stop_loss 65000 is not between 0 and take_profit 64000"),
        (bracket(stop="66000"), "price 66000 is not between stop_loss 66000"),
        (bracket(stop="-1"), "stop_loss -1"),
        (bracket(stop_limit="65001"), "stop_limit 65001 is not between 0 and stop_loss 65000"),
        (bracket(partial_patience_ms=-1), "partial_patience_ms -1"),
        (bracket(profit=68000.5), "not exact money"),
    ],
)
def test_what_cannot_be_meant(wanted: Bracket, text: str) -> None:
    with pytest.raises(Misuse, match=text):
        planned(wanted, rules(), None)


def test_what_the_symbol_does_not_take() -> None:
    bare = msgspec.structs.replace(rules(), capabilities=frozenset[str]())
    with pytest.raises(Misuse, match="takes no OCO lists"):
        planned(bracket(), bare, None)
    limited = rules().order_types - {OrderType.STOP_LOSS}
    without = msgspec.structs.replace(rules(), order_types=limited)
    with pytest.raises(Misuse, match="takes no STOP_LOSS orders; give stop_limit="):
        planned(bracket(), without, None)
    assert planned(bracket(stop_limit="64900"), without, None).stop_limit == D("64900")


@pytest.mark.parametrize("stop_limit", [None, D("64900")])
@pytest.mark.parametrize(
    ("way", "kind"), [(Way.OPOCO, NewOpoco), (Way.OTOCO, NewOtoco), (Way.FOLLOWED, NewOrder)]
)
def test_requests_are_what_the_symbol_takes(way: Way, kind: type, stop_limit: Decimal | None) -> None:
    of = plan(way=way, stop_limit=stop_limit)
    request = entry_request(of, ids(of))
    assert type(request) is kind
    assert check(request, rules("opoAllowed")).order is request
    oco = protection_request(of, D("0.00999"), dict.fromkeys(("list", "takeProfit", "stopLoss"), "x"))
    assert check(oco, rules()).order is oco
    name = "list_client_order_id" if of.is_native else "new_client_order_id"
    assert getattr(request, name) == f"id-{entry_key(of)}"
    if of.is_native:
        assert request.pending_above_client_order_id == "id-takeProfit"
        assert request.pending_below_client_order_id == "id-stopLoss"
        assert request.working_client_order_id == "id-entry"


def test_sizes() -> None:
    book = rules()
    assert protectable(D("0.009999"), book) == D("0.00999")
    assert protectable(D("-1"), book) == sellable(D("-1"), book) == 0
    assert sellable(D("150"), book) == D(100)
    assert too_small(plan(), D("0.00008"), book) is None
    assert "less than the smallest lot" in (too_small(plan(), D("0.0000099"), book) or "")
    assert "is worth 4.76 USDT at 68000" in (too_small(plan(), D("0.00007"), book) or "")
    assert too_small(plan(stop_limit=D("62000")), D("0.00008"), book) is not None
    with pytest.raises(Misuse, match="could not be protected"):
        must_be_protectable(plan(quantity=D("0.00008")), D("0.1"), book)
    must_be_protectable(plan(quantity=D("0.00008")), None, book)
    must_be_protectable(plan(quantity=None, quote=D(1)), None, book)


def fill(side: Side, qty: str, commission: str, asset: str) -> Fill:
    return Fill(BTC, 1, 1, side, D(1), D(qty), D(commission), asset, 0)


def test_what_is_kept_of_executions() -> None:
    fills = [
        fill(Side.BUY, "2", "0.1", "BTC"),
        fill(Side.BUY, "1", "5", "BNB"),
        fill(Side.SELL, "1", "1", "USDT"),
    ]
    assert kept(fills, "BTC") == D("1.9")
    assert kept([], "BTC") == 0


def moved(state: BracketState, at_ms: int = 0, id: str = "b", **facts: Any) -> entries.BracketMoved:
    return entries.BracketMoved(at_ms=at_ms, id=id, state=state, **facts)


def begun(id: str = "b") -> entries.BracketMoved:
    return moved(S.ENTERING, id=id, plan=plan(), ids={"entry": f"{id}-e"})


def folded(*told: entries.Entry) -> Brackets:
    brackets = Brackets()
    for entry in told:
        brackets.apply(entry)
    return brackets


def test_the_fold_keeps_the_entry_and_measures_what_is_unprotected() -> None:
    oco = {"list": "l", "takeProfit": "t", "stopLoss": "s"}
    brackets = folded(
        entries.Opened(at_ms=0, version="1", life=3),
        begun(),
        moved(S.TRIMMING, 2_100, exposed_since_ms=100),
        moved(S.PROTECTING, 2_200, ids=oco, left=D(5)),
        moved(S.PROTECTING, 2_300, ids={role: f"{id}2" for role, id in oco.items()}),
        moved(S.PROTECTED, 2_400, exposed_until_ms=2_350),
        moved(S.RENEWING, 9_000, exposed_since_ms=8_000),
        moved(S.PROTECTING, 9_100, ids=oco, left=D(2)),
        moved(S.PROTECTED, 9_200),
    )
    record = brackets.get("b")
    assert record is not None
    assert (record.life, record.bought, record.left) == (3, D(5), D(2))
    assert record.ids == {"entry": "b-e", **oco}
    assert (record.unprotected_ms, record.exposed_since_ms) == (2_250, None)
    assert brackets.unfinished() == [record]


def test_what_cannot_follow_is_no_move() -> None:
    brackets = folded(begun(), moved(S.NOT_ENTERED))
    assert brackets.apply(moved(S.PROTECTED)) is None
    assert brackets.apply(moved(S.TRIMMING, id="unknown")) is None
    assert brackets.unfinished() == []


def test_a_checkpoint_and_a_journal_hold_all_of_it() -> None:
    told = [begun(), moved(S.PROTECTING, 5, ids={"list": "l"}, left=D("0.1"), exposed_since_ms=1)]
    again = [read(written(number, entry)) for number, entry in enumerate(told)]
    assert again == told
    state = folded(*told).state()
    kept_state = msgspec.json.decode(msgspec.json.encode(state), type=BracketsState)
    assert Brackets.restored(kept_state).state() == state


def test_those_that_are_over_are_forgotten_at_last() -> None:
    brackets = folded(begun("first"))
    for number in range(MOST_OVER + 5):
        brackets.apply(begun(str(number)))
        brackets.apply(moved(S.NOT_ENTERED, id=str(number)))
    assert brackets.get("0") is None
    assert brackets.get("5") is not None
    assert len(brackets.state().known) == MOST_OVER + 1
    assert [record.id for record in brackets.unfinished()] == ["first"]


def rates(maker: str = "0.001", taker: str = "0.002", buyer: str = "0") -> CommissionRates:
    return CommissionRates(maker=D(maker), taker=D(taker), buyer=D(buyer), seller=D(0))


NONE = rates("0", "0")


@pytest.mark.parametrize(
    ("charged", "paid_in", "free", "share"),
    [
        ((rates(), NONE), None, "1", "0.002"),
        ((rates(buyer="0.003"), rates()), None, "1", "0.007"),
        ((NONE, NONE), None, "0", "0"),
        ((rates(), rates()), "BNB", "1", "0"),
        ((rates(), NONE), "BNB", "0", "0.002"),
        ((rates(), NONE), "BTC", "1", "0.002"),
    ],
)
def test_what_commission_may_take(
    charged: tuple[CommissionRates, CommissionRates], paid_in: str | None, free: str, share: str
) -> None:
    discount = Discount(
        enabled_for_account=paid_in is not None,
        enabled_for_symbol=True,
        discount_asset=paid_in or "BNB",
        discount=D("0.75"),
    )
    standard, tax = charged
    told = Commission(symbol=BTC, standard_commission=standard, tax_commission=tax, discount=discount)
    assert largest_share(told, "BTC", account(paid_in or "BNB", free)) == D(share)


def account(asset: str, free: str) -> Account:
    held = Balance(asset=asset, free=D(free), locked=D(0))
    fields: dict[str, Any] = {field.name: None for field in msgspec.structs.fields(Account) if field.required}
    return Account(**{**fields, "balances": (held,)})
