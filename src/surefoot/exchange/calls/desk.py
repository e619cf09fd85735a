"""What an operation is given: the request as it was understood, and what there is to work on."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from surefoot.exchange.accounts import Account
from surefoot.exchange.calls.lists_in import ListsIn
from surefoot.exchange.core.commands import Refusal
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.data.market_data import MarketData
from surefoot.exchange.keys import Key
from surefoot.exchange.limits.limiter import Limiter
from surefoot.exchange.listen_keys import ListenKeys
from surefoot.exchange.render import amounts
from surefoot.exchange.render.exchange_info import ExchangeInfo
from surefoot.serve.combinations import microseconds, time_span, times
from surefoot.serve.denial import Denial
from surefoot.world import Entropy

Span = tuple[int | None, int | None]
_LAST_OF_MILLISECOND_US = 999


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One well-formed request. Times are microseconds since 1970; `unit` is that of the answer's times.

    `too_many_orders` is what a new order would be refused with, where the request may go on without one.
    `clock_us` is what the exchange's clock said when the request came, where that is not the time of what
    happens; queries see nothing younger than `lag_us`.
    """

    now_us: int
    values: Mapping[str, Any]
    clock_us: int | None = None
    lag_us: int = 0
    unit: int = amounts.MILLISECONDS
    key: Key | None = None
    ws_api: bool = False
    too_many_orders: Denial | None = None

    @property
    def server_time(self) -> int:
        """What serverTime says, in the answer's unit."""
        return (self.now_us if self.clock_us is None else self.clock_us) // self.unit

    @property
    def owner(self) -> Account:
        """The account that asks; only signed requests have one."""
        return self.signer.account

    @property
    def signer(self) -> Key:
        """The key that signed; only signed requests have one."""
        assert self.key is not None, "the operation is signed"
        return self.key


class Desk(msgspec.Struct, frozen=True):
    """What operations work on: accounts' last changes of balance, symbols' market data, and the rest."""

    engine: Engine
    info: ExchangeInfo
    entropy: Entropy
    updated_us: dict[str, int]
    limiter: Limiter
    data: Mapping[str, MarketData]
    listen_keys: ListenKeys


def in_status(desk: Desk, symbol: str, wanted: str | None) -> None:
    """Raises `Denial` -1121 for a symbol that is not listed, -1220 for one not in the `wanted` status."""
    if desk.info.status(symbol) != wanted and wanted is not None:
        raise Denial(-1220, "The symbol's status does not match the requested symbolStatus.")


def form_of(desk: Desk, ask: Ask, symbol: str) -> amounts.Spelling:
    """How market data of a listed symbol is spelled for this request."""
    return amounts.Spelling(desk.engine.listings[symbol].digits, ask.unit)


def times_of(ask: Ask) -> Span:
    """The start and the end that are asked for, in microseconds; raises `Denial`."""
    return _whole(ask, times(ask.values, ask.now_us))


def day_of(ask: Ask) -> Span:
    """The same where they may be a day apart at most."""
    return _whole(ask, time_span(ask.values, ask.now_us))


def _whole(ask: Ask, times_us: Span) -> Span:
    """As they are meant: an end sent in milliseconds includes all of its millisecond."""
    start_us, end_us = times_us
    sent = ask.values.get("endTime", 0)
    if end_us is not None and microseconds(sent) != sent:
        end_us += _LAST_OF_MILLISECOND_US
    return start_us, end_us


Call = Callable[[Desk, Ask], Any]
R = TypeVar("R")


def accepted(result: R | Refusal) -> R:
    """The engine's result; its refusal becomes the answer."""
    if isinstance(result, Refusal):
        raise Denial(result.code, result.message)
    return result


def orders_of(desk: Desk, ask: Ask) -> ListsIn:
    """The request's parameters as commands; raises `Denial` when its owner may not trade the symbol."""
    symbol = ask.values["symbol"]
    if symbol in desk.engine.listings and not desk.info.permits(symbol):
        raise Denial(-2010, "This symbol is not permitted for this account.")
    return cancels_of(desk, ask)


def cancels_of(desk: Desk, ask: Ask) -> ListsIn:
    """The same for what only takes orders out: a symbol's permissions are about placing."""
    return ListsIn(desk.engine.listings, ask.owner.name, ask.values, desk.entropy)
