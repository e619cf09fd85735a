"""What the exchange's own staff may do while it runs: open accounts, take customers' public keys, move a
price, halt a market.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from surefoot.errors import Misuse
from surefoot.exchange.accounts import Account, make_account
from surefoot.exchange.front import Front
from surefoot.exchange.house import House
from surefoot.exchange.liquidity import order_sizes
from surefoot.exchange.market import Market
from surefoot.exchange.takers import opposite
from surefoot.spot.enums import Side, SymbolStatus
from surefoot.world import Entropy

_KEY_LENGTH = 64
_FIRST_UID = 1_000_001
_EVERYTHING = 10**18


class Operations:
    """Acts on a running exchange from its own loop; never from another thread."""

    def __init__(
        self, front: Front, accounts: list[Account], entropy: Entropy, now_us: Callable[[], int]
    ) -> None:
        self._front, self._entropy, self._now_us = front, entropy, now_us
        self._accounts = accounts

    def open_account(self, name: str, balances: Mapping[str, int]) -> Account:
        """Open an account with `balances` at 1e-8 and own keys; raises `Misuse` when the name is taken."""
        account = make_account(name, _FIRST_UID + len(self._accounts), self._entropy)
        self._front.desk.engine.open_account(
            name, balances, maker_rate=account.maker_rate, taker_rate=account.taker_rate
        )
        self._front.desk.updated_us[name] = self._now_us()
        self._front.keys.add(account)
        self._accounts.append(account)
        return account

    def register_key(self, name: str, public_pem: bytes) -> str:
        """Take the public key (PEM; Ed25519, or RSA of 2,048 to 4,096 bits) that account `name` made; returns
        its API key. Raises `Misuse` for other keys and for an account that is not open.
        """
        account = next((account for account in self._accounts if account.name == name), None)
        if account is None:
            known = ", ".join(account.name for account in self._accounts)
            raise Misuse(f"account {name!r} is not open here; there are {known}")
        api_key = self._entropy.token(_KEY_LENGTH)
        self._front.keys.register(api_key, account, public_pem)
        return api_key

    def trade_at(self, symbol: str, price: int) -> None:
        """Move the last price to `price` (at 1e-8), as a market that trades through: whatever rests on the
        way is taken at its own price, and then the exchange's house trades with itself. Raises `Misuse`.
        """
        market = self._market(symbol)
        listing = market.listing
        if price <= 0 or price % listing.tick:
            raise Misuse(f"{symbol} has no price {_text(price)}: its tick is {_text(listing.tick)}")
        if market.status is not SymbolStatus.TRADING:
            raise Misuse(f"{symbol} does not trade now: its status is {market.status}")
        now_us, ticks = self._now_us(), price // listing.tick
        house = House(self._front.desk.engine, symbol)
        while _cleared(house, now_us, ticks):  # what is taken may set off orders that are in the way again
            pass
        steps, _ = order_sizes(listing, price)
        house.quote(now_us, Side.SELL, ticks, steps)
        house.take(now_us, Side.BUY, ticks, steps)
        self._front.settle(now_us)

    def turn(self, symbol: str, status: SymbolStatus) -> None:
        """Put a market into another state, such as HALT or back into TRADING; raises `Misuse`."""
        self._market(symbol).turn(status)
        self._front.desk.info.turn(symbol, status.value)

    def _market(self, symbol: str) -> Market:
        markets = self._front.desk.engine.markets
        if symbol not in markets:
            raise Misuse(f"symbol {symbol!r} is not listed here; there are {', '.join(markets)}")
        return markets[symbol]


def _cleared(house: House, now_us: int, ticks: int) -> int:
    """Take what stands between the market and a price; returns the steps taken."""
    taken = 0
    for side, worst in ((Side.SELL, ticks), (Side.BUY, -ticks)):
        steps = house.side(opposite(side)).available(worst, _EVERYTHING)
        taken += house.take(now_us, side, ticks, steps) if steps else 0
    return taken


def _text(amount: int) -> str:
    return format(Decimal(amount).scaleb(-8).normalize(), "f")
