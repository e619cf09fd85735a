"""The operator's limits, one function each: it returns, or raises `PolicyRefusal` with the limit and what was
asked (ORDER-6, pure). `guard` says in which order.
"""

from decimal import Decimal
from typing import Any, NoReturn

import msgspec

from surefoot.errors import PolicyRefusal
from surefoot.execution.asked import Asked
from surefoot.execution.policy import Caps, Policy, next_step
from surefoot.execution.pricing import Market
from surefoot.execution.standing import Standing
from surefoot.rules.quantise import EXACT
from surefoot.spot.enums import Side
from surefoot.spot.order_replace import CancelReplace
from surefoot.spot.request import Request
from surefoot.values import UNSET, UnsetType, money, trimmed


class Case(msgspec.Struct, frozen=True):
    """A request that would place orders, as it stands before the limits. `notional` is in `quote`."""

    policy: Policy
    request: Request[Any]
    asked: Asked
    market: Market
    standing: Standing
    notional: Decimal
    quote: str

    @property
    def symbol(self) -> str:
        """What is traded."""
        return self.asked.symbol


def awake(policy: Policy, tripped: str | None, request: Request[Any], *, cancels: bool) -> None:
    """Whether anything passes at all."""
    name = type(request).__name__
    if tripped is not None and not cancels:
        _refuse("tripped", f"only cancels, until it is armed again ({tripped})", name)
    if policy.read_only:
        _refuse("read_only", f"nothing that changes anything; {next_step(policy)}", name)


def named(policy: Policy, asked: Asked) -> None:
    """Symbols and order types."""
    symbols, types = policy.symbols, policy.order_types
    if symbols is UNSET or asked.symbol not in symbols:
        _refuse("symbols", "none" if symbols is UNSET else ", ".join(sorted(symbols)), asked.symbol)
    for leg in asked.legs:
        if types is not UNSET and leg.order.type not in types:
            _refuse("order_types", ", ".join(sorted(types)), leg.order.type)


def way_out(case: Case) -> None:
    """Whether what is said to reduce a position does."""
    if not case.asked.only_sells:
        _refuse("reduces", f"only what sells {case.symbol} that is held", case.asked)
    room, sold = _sellable(case), case.asked.sold(case.market)
    if sold > room:
        _refuse("reduces", f"{trimmed(room)} of {case.symbol} held and not on sale", f"SELL {trimmed(sold)}")


def size(case: Case) -> None:
    """The notional of one order."""
    rule, quote = "notional_per_order", case.quote
    most = _cap(rule, case.policy.notional_per_order, quote)
    if most is not None and case.notional > most:
        _refuse(rule, f"{trimmed(most)} {quote}", f"{trimmed(case.notional)} {quote} by {case.asked}")


def open_orders(case: Case) -> None:
    """How many are open or in flight."""
    limit, count = case.policy.open_orders, len(case.asked.legs)
    if limit is not UNSET and (already := case.standing.open_count()) + count > limit:
        _refuse("open_orders", limit, f"{count} with {already} open or in flight")


def position(case: Case) -> None:
    """What is held of the base asset, what may still be bought, and what this may buy."""
    if case.asked.only_sells:
        return
    most = _cap("position", case.policy.position, case.symbol)
    if most is None:
        return
    held, ordered = case.standing.held(case.symbol), case.standing.unfilled(case.symbol, Side.BUY)
    bought = case.asked.bought(case.market)
    if EXACT.add(EXACT.add(held, ordered), bought) > most:
        beside = f"{trimmed(held)} held and {trimmed(ordered)} on order"
        _refuse("position", f"{trimmed(most)} of {case.symbol}", f"BUY {trimmed(bought)} with {beside}")


def loss(case: Case) -> None:
    """The day's loss: from the limit on, only what sells what is held passes."""
    quote = case.quote
    most = _cap("loss_per_day", case.policy.loss_per_day, quote)
    if most is None or (lost := case.standing.lost_today(quote, case.market.now_ms)) < most:
        return
    if case.asked.only_sells and case.asked.sold(case.market) <= _sellable(case):
        return
    limit = f"{trimmed(most)} {quote}, from which on only what sells what is held passes"
    _refuse("loss_per_day", limit, f"{case.asked} with {trimmed(lost)} {quote} lost today")


def turnover(case: Case, *, minute: Decimal, day: Decimal) -> None:
    """What was submitted within the last `minute` and the `day`, and this."""
    _adds(case, "notional_per_minute", case.policy.notional_per_minute, minute)
    _adds(case, "notional_per_day", case.policy.notional_per_day, day)


def _adds(case: Case, rule: str, caps: Caps | UnsetType, already: Decimal) -> None:
    quote = case.quote
    most = _cap(rule, caps, quote)
    if most is not None and EXACT.add(already, case.notional) > most:
        asked = f"{trimmed(case.notional)} {quote} on top of {trimmed(already)} {quote}"
        _refuse(rule, f"{trimmed(most)} {quote}", asked)


def _sellable(case: Case) -> Decimal:
    """What is held and not yet on sale. What a replacement replaces is taken to be all that is on sale: the
    exchange locks what is sold, so that both together never sell more than there is.
    """
    held = case.standing.held(case.symbol)
    if isinstance(case.request, CancelReplace):
        return held
    return EXACT.subtract(held, case.standing.unfilled(case.symbol, Side.SELL))


def _cap(rule: str, caps: Caps | UnsetType, name: str) -> Decimal | None:
    """The cap of an asset or symbol; None where nothing is limited. Where others have one, so must it."""
    if caps is UNSET:
        return None
    if name not in caps:
        _refuse(rule, f"given for {', '.join(caps)} only", name)
    return money(rule, caps[name])


def _refuse(rule: str, limit: object, asked: object) -> NoReturn:
    raise PolicyRefusal(rule, limit, str(asked))
