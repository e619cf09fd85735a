"""The rules of the exchange, asked for when they are not known well enough (RULES-4)."""

from typing import Any

from surefoot import errors
from surefoot.client.call import Wire, call
from surefoot.client.desk import Desk
from surefoot.rules.check import Checked, R, check
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import Rulebook, SymbolRules
from surefoot.spot.general import GetExchangeInfo
from surefoot.spot.request import Request


async def rulebook(wire: Wire, desk: Desk) -> Rulebook:
    """The rules of all symbols: those that are remembered, or those that the exchange says now.

    Where it cannot be asked, rules heard within the last hour will do.
    """
    known = desk.catalogue.fresh(desk.now_ms())
    return known if known is not None else await _heard(wire, desk)


async def _heard(wire: Wire, desk: Desk) -> Rulebook:
    try:
        info = await call(wire, desk, GetExchangeInfo())
    except (errors.NoAnswer, errors.NotDelivered, errors.RateLimited, errors.Banned) as error:
        old = desk.catalogue.usable(desk.now_ms())
        if old is None:
            raise
        desk.catalogue.put_off(desk.now_ms())
        desk.teller.note(f"exchangeInfo could not be renewed, the last one is used: {error}")
        return old
    return desk.catalogue.learn(info, desk.now_ms())


async def rules_of(wire: Wire, desk: Desk, symbol: str) -> SymbolRules:
    """The rules of one symbol; one that is not known is looked for once more before `Misuse` is raised."""
    book = await rulebook(wire, desk)
    if symbol not in book and desk.catalogue.doubt(desk.now_ms()):
        book = await rulebook(wire, desk)
    return book[symbol]


async def checked(wire: Wire, desk: Desk, request: R, known: Snapshot, *, rounding: bool) -> Checked[R]:
    """`request` judged by the rules of its symbol; see `surefoot.rules.check.check` for what is raised."""
    rules = await rules_of(wire, desk, symbol_of(request))
    return check(request, rules, known, rounding=rounding)


def symbol_of(request: Request[Any]) -> str:
    """The symbol that a request is about; raises `Misuse` when it is about none."""
    symbol = getattr(request, "symbol", None)
    if not isinstance(symbol, str):
        raise errors.Misuse(f"{type(request).__name__} is about no single symbol: there is nothing to check")
    return symbol
