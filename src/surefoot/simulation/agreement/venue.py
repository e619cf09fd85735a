"""An exchange of one symbol, asked by the client's own requests without a network between them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from surefoot.codec import rest
from surefoot.codec.sign import HmacKey
from surefoot.exchange.accounts import default_accounts
from surefoot.exchange.core.engine import Engine
from surefoot.exchange.core.listing import SCALE, listing_from_exchange_info
from surefoot.exchange.liquidity.house import House
from surefoot.exchange.server import ExchangeServer
from surefoot.rules.snapshot import Snapshot, asset_limits
from surefoot.rules.symbols import Rulebook, SymbolRules
from surefoot.spot.account import GetAccount, GetOpenOrders
from surefoot.spot.account_rates import GetMyFilters
from surefoot.spot.general import GetExchangeInfo
from surefoot.spot.market import GetBookTicker
from surefoot.spot.request import Request
from surefoot.wire import HttpRequest
from surefoot.world import SeededEntropy, World

A = TypeVar("A")

_NOON_MS = 1_767_268_800_000  # 2026-01-01T12:00:00Z
_WINDOW_MS = 5_000
_MINUTE_US = 60_000_000
_OK = 200
_ADDRESS = "198.51.100.7"
_AVERAGE_MINUTES = 5


class Refused(NamedTuple):
    """The exchange's no."""

    code: int
    message: str


class _Still:
    """A clock that stands."""

    def wall_ms(self) -> float:
        return _NOON_MS

    def monotonic_ms(self) -> float:
        return 0.0


class _NoDisk:
    def read(self, name: str) -> bytes | None:
        return None

    def write(self, name: str, content: bytes) -> None:
        raise OSError(f"nothing is kept here: {name}")


class Venue:
    """One symbol, a customer (`alice`) whose requests are answered, and `bob` who trades with the house."""

    def __init__(
        self,
        row: Mapping[str, Any],
        *,
        seed: int | str,
        last_price: int,
        balances: Mapping[str, int],
        exchange_filters: Sequence[Mapping[str, Any]] = (),
        asset_filters: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        info = {"symbols": [row], "rateLimits": [], "exchangeFilters": exchange_filters}
        info["assetFilters"] = asset_filters
        world = World(_Still(), SeededEntropy(f"venue/{seed}"), _NoDisk())
        listing = listing_from_exchange_info(row)
        self.symbol = listing.symbol
        self.now_us = _NOON_MS * 1_000
        self.engine = Engine(
            [listing],
            entropy=world.entropy,
            now_us=self.now_us,
            exchange_filters=exchange_filters,
            asset_filters=asset_filters,
            last_prices={listing.symbol: last_price},
        )
        self.alice, self.bob = default_accounts(world.entropy)
        self.engine.open_account(self.alice.name, balances)
        self.engine.open_account(self.bob.name, dict.fromkeys(balances, 10**9 * SCALE))
        self.house = House(self.engine, listing.symbol)
        self._front = ExchangeServer(self.engine, [self.alice, self.bob], world, info=info).front
        self.rules = self._rules()

    def ask(self, request: Request[A], *, by_bob: bool = False) -> A | Refused:
        """What the exchange answers."""
        account = self.bob if by_bob else self.alice
        if request.endpoint.signed:
            now_ms = self.now_us // 1_000
            spelled = rest.signed(request, HmacKey(account.secret), now_ms, _WINDOW_MS)
        else:
            spelled = rest.unsigned(request)
        headers = {"x-mbx-apikey": account.api_key, "content-type": "application/x-www-form-urlencoded"}
        sent = HttpRequest(spelled.method, spelled.target, headers, spelled.body)
        heard = self._front.rest(sent, _ADDRESS, self.now_us)
        if heard.status == _OK:
            return rest.decode_answer(request, heard.body)
        error = rest.decode_error(heard.body)
        assert error is not None, heard.body
        return Refused(error.code, error.msg)

    def pass_time(self, minutes: int) -> None:
        """Let the market stand still for a while."""
        self.now_us += minutes * _MINUTE_US

    def snapshot(self) -> Snapshot:
        """Everything that is known at this moment, as the API says it."""
        top = self._answer(GetBookTicker(symbol=self.symbol))
        last = self.engine.last_price(self.symbol)
        average = self.engine.average_price(self.symbol, _AVERAGE_MINUTES, self.now_us)
        seen = Snapshot(
            last=_decimal(last),
            average=_decimal(average),
            bid=top.bid_price,
            ask=top.ask_price,
            open_orders=self._answer(GetOpenOrders()),
            all_symbols=True,
            asset_limits=asset_limits(self._answer(GetMyFilters(symbol=self.symbol))),
        )
        return seen.with_account(self._answer(GetAccount()))

    def _answer(self, request: Request[A]) -> A:
        answer = self.ask(request)
        assert not isinstance(answer, Refused), answer
        return answer

    def _rules(self) -> SymbolRules:
        return Rulebook(self._answer(GetExchangeInfo(symbol=self.symbol)))[self.symbol]


def _decimal(units: int | None) -> Decimal | None:
    return None if units is None else Decimal(units) / SCALE
