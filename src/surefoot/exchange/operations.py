"""What whoever runs an exchange can do to it while it runs."""

from decimal import Decimal

from surefoot.errors import Misuse
from surefoot.exchange.besides import Besides, ReferencePrice
from surefoot.exchange.front import Front
from surefoot.exchange.listing import units
from surefoot.exchange.treasury import Treasury

Exact = Decimal | int | str
"""A number as a decimal with at most 8 digits after the point; never a float."""


class Operations:
    """Acts at the exchange's own time; what happens is told to everybody concerned before the call returns.

    Raises `Misuse` for a number that is none, not positive or too fine, and for an unknown account or symbol.
    """

    front: Front
    _treasury: Treasury

    def now_us(self) -> int:
        """The exchange's clock: microseconds since 1970."""
        raise NotImplementedError

    def deposit(self, account: str, asset: str, amount: Exact) -> None:
        """Money comes to an account from outside: `balanceUpdate` and `outboundAccountPosition`."""
        self._treasury.deposit(self.now_us(), account, asset, _exact(amount))
        self.front.settle(self.now_us())

    def withdraw(self, account: str, asset: str, amount: Exact) -> None:
        """Free money leaves an account; raises `Misuse` when there is not so much."""
        self._treasury.withdraw(self.now_us(), account, asset, _exact(amount))
        self.front.settle(self.now_us())

    def lock(self, account: str, asset: str, amount: Exact) -> None:
        """Something outside locks free money of an account: `externalLockUpdate`."""
        self._treasury.lock(self.now_us(), account, asset, _exact(amount))
        self.front.settle(self.now_us())

    def unlock(self, account: str, asset: str, amount: Exact) -> None:
        """What `lock` locked is free again; raises `Misuse` when that is less."""
        self._treasury.unlock(self.now_us(), account, asset, _exact(amount))
        self.front.settle(self.now_us())

    def block_trade(
        self, symbol: str, price: Exact, quantity: Exact, *, buyer_is_maker: bool = False
    ) -> None:
        """Others traded besides the book: told to everybody, while no account of this exchange changes."""
        besides, now_us = self._besides(symbol), self.now_us()
        block = besides.block(
            symbol, _positive(price), _positive(quantity), now_us, buyer_is_maker=buyer_is_maker
        )
        self.front.desk.engine.outbox.append(block)
        self.front.settle(now_us)

    def set_reference_price(self, symbol: str, price: Exact | None) -> None:
        """Set a symbol's reference price, or take it back with None."""
        given = None if price is None else _positive(price)
        self._besides(symbol).reference = ReferencePrice(given, self.now_us())

    def _besides(self, symbol: str) -> Besides:
        try:
            return self.front.desk.data[symbol].besides
        except KeyError:
            raise Misuse(f"{symbol!r} is not listed on this exchange") from None


def _exact(number: Exact) -> int:
    if isinstance(number, float | bool):
        raise Misuse(f"{number!r} is not exact; give a Decimal, an int or a text")
    return units(str(number))


def _positive(number: Exact) -> int:
    scaled = _exact(number)
    if scaled <= 0:
        raise Misuse(f"{number} is not above zero")
    return scaled
